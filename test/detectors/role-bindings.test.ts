import { describe, expect, test } from '@jest/globals';
import { bindingsOf, grantTable, isBinding } from '../../src/core/access/bindings.ts';
import { GRANTS } from '../../src/core/access/data.generated.ts';
import { detector } from '../../src/core/detectors/role-bindings.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { evidence, make, ref, type Plain } from '../access/evidence.ts';
import { stopwatch } from '../stopwatch.ts';

const detect = (base: Resource[], head: Resource[]): readonly Fact[] => detector.detect(evidence(base, head));
const rulesOf = (base: Resource[], head: Resource[]): string[] =>
  detect(base, head).map((f) => f.rule.replace('role-bindings/', ''));

const member = (role: string, who: Plain, more: { readonly [key: string]: Plain } = {}): Resource =>
  make('google_project_iam_member', 'm', { project: 'shop', role, member: who, ...more });
const robot = 'serviceAccount:ci@shop.iam.gserviceaccount.com';

describe('role-bindings', () => {
  test('granted: a new member resource says who gets what on which thing', () => {
    expect(detect([], [member('roles/iam.securityReviewer', robot)])).toMatchObject([
      {
        rule: 'role-bindings/granted',
        kind: 'permission-changed',
        deciding: true,
        signals: ['permission-widened', 'principal-added'],
        statement:
          '`google_project_iam_member.m` gives roles/iam.securityReviewer on project=shop to serviceAccount:ci@shop.iam.gserviceaccount.com',
      },
    ]);
    expect(rulesOf([member('roles/viewer', robot)], [member('roles/viewer', robot)])).toEqual([]);
  });

  test('changed and withdrawn, with the power that a role gives', () => {
    expect(detect([member('roles/viewer', robot)], [member('roles/owner', robot)])).toMatchObject([
      {
        rule: 'role-bindings/changed',
        before: expect.stringContaining('roles/viewer'),
        statement: expect.stringContaining('(full administration)'),
        signals: expect.arrayContaining(['privilege-raised']),
      },
    ]);
    const binding = (...members: string[]): Resource =>
      make('google_storage_bucket_iam_binding', 'b', {
        bucket: 'logs',
        role: 'roles/storage.objectViewer',
        members,
      });
    expect(rulesOf([binding(robot, 'group:ops@x.org')], [binding(robot)])).toEqual(['withdrawn']);
    expect(rulesOf([binding(robot, 'group:ops@x.org')], [binding('group:ops@x.org', robot)])).toEqual([]);
  });

  test('public principal: everybody, and everybody with an account', () => {
    expect(detect([], [member('roles/run.invoker', 'allUsers')])).toMatchObject([
      {
        rule: 'role-bindings/public-principal',
        categories: ['trust-boundary', 'exposure', 'identity-access'],
        signals: expect.arrayContaining(['exposure-widened']),
      },
    ]);
    expect(rulesOf([], [member('roles/run.invoker', 'allAuthenticatedUsers')])).toEqual(['public-principal']);
    expect(rulesOf([], [member('roles/run.invoker', 'domain:x.org')])).toEqual(['granted']);
  });

  test('cross-account: invoke rights for another account, and for a service', () => {
    const permission = (principal: string, more: { readonly [key: string]: Plain } = {}): Resource =>
      make('aws_lambda_permission', 'p', {
        action: 'lambda:InvokeFunction',
        function_name: 'f',
        principal,
        ...more,
      });
    expect(rulesOf([], [permission('111122223333')])).toEqual(['cross-account']);
    expect(rulesOf([], [permission('s3.amazonaws.com')])).toEqual(['granted']);
    expect(
      rulesOf(
        [permission('s3.amazonaws.com')],
        [permission('s3.amazonaws.com', { source_arn: 'arn:aws:s3:::b' })],
      ),
    ).toEqual(['withdrawn']);
    expect(rulesOf([permission('*', { principal_org_id: 'o-1' })], [permission('*')])).toEqual([
      'public-principal',
    ]);
  });

  test('a condition of a binding counts, its title does not', () => {
    const when = (title: string, expression: string): { readonly [key: string]: Plain } => ({
      condition: [{ title, expression }],
    });
    expect(
      rulesOf(
        [member('roles/viewer', robot, when('a', 'x'))],
        [member('roles/viewer', robot, when('b', 'x'))],
      ),
    ).toEqual([]);
    expect(rulesOf([member('roles/viewer', robot, when('a', 'x'))], [member('roles/viewer', robot)])).toEqual(
      ['granted'],
    );
  });

  test('Kubernetes rules: a verb more, a wildcard, and the same rules split', () => {
    const role = (...rules: Plain[]): Resource =>
      make(
        'ClusterRole',
        'r',
        { kind: 'ClusterRole', rules },
        { stack: 'kubernetes', address: 'ClusterRole/-/r' },
      );
    const pods = { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list'] };
    const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
    expect(detect([role(pods)], [role(pods, secrets)])).toMatchObject([
      {
        rule: 'role-bindings/granted',
        statement: '`ClusterRole/-/r` gives get on core/secrets (reading secrets)',
      },
    ]);
    expect(
      rulesOf([role(pods)], [role({ ...pods, resources: ['services'] }, { ...pods, resources: ['pods'] })]),
    ).toEqual([]);
    expect(rulesOf([role(pods)], [role({ ...pods, resourceNames: ['one'] })])).toEqual(['withdrawn']);
    expect(rulesOf([], [role({ apiGroups: ['*'], resources: ['*'], verbs: ['*'] })])).toEqual(['granted']);
  });

  test('Kubernetes bindings: subjects in manifests and in Terraform', () => {
    const subjects = (...names: string[]): Resource =>
      make(
        'RoleBinding',
        'b',
        {
          metadata: { name: 'b', namespace: 'prod' },
          roleRef: { kind: 'Role', name: 'edit' },
          subjects: names.map((name) => ({ kind: 'ServiceAccount', name })),
        },
        { stack: 'kubernetes', address: 'RoleBinding/prod/b' },
      );
    expect(detect([subjects('a')], [subjects('b', 'a')])[0]?.statement).toBe(
      '`RoleBinding/prod/b` gives Role/edit to ServiceAccount:prod/b',
    );
    const hcl = make('kubernetes_cluster_role_binding_v1', 'b', {
      role_ref: [{ kind: 'ClusterRole', name: 'cluster-admin' }],
      subject: [{ kind: 'Group', name: 'system:unauthenticated' }],
    });
    expect(rulesOf([], [hcl])).toEqual(['public-principal']);
  });

  test('attachments and key-vault policies', () => {
    const attach = (arn: string): Resource =>
      make('aws_iam_role_policy_attachment', 'a', {
        role: ref('aws_iam_role.r.name', 'aws_iam_role.r'),
        policy_arn: arn,
      });
    expect(
      detect(
        [attach('arn:aws:iam::aws:policy/ReadOnlyAccess')],
        [attach('arn:aws:iam::aws:policy/AdministratorAccess')],
      )[0]?.statement,
    ).toContain('full administration');
    expect(
      rulesOf(
        [attach('arn:aws:iam::aws:policy/ReadOnlyAccess')],
        [attach('arn:${data.aws_partition.current.partition}:iam::aws:policy/ReadOnlyAccess')],
      ),
    ).toEqual([]);
    const vault = (...secrets: string[]): Resource =>
      make('azurerm_key_vault_access_policy', 'v', {
        key_vault_id: 'v',
        object_id: 'o',
        tenant_id: 't',
        secret_permissions: secrets,
      });
    expect(detect([vault('Get')], [vault('Get', 'Delete')])[0]?.after).toBe('secret:Delete on v to o');
    const custom = (...no: string[]): Resource =>
      make('azurerm_role_definition', 'd', {
        scope: 's',
        permissions: [{ actions: ['Microsoft.Compute/*'], not_actions: no }],
      });
    expect(rulesOf([custom('Microsoft.Compute/x/delete')], [custom()])).toEqual(['granted']);
  });

  test('managed policies of a new role are told by the role unless they stand out', () => {
    const role = (...arns: string[]): Resource =>
      make(
        'AWS::IAM::Role',
        'R',
        { ManagedPolicyArns: arns },
        { stack: 'cloudformation', address: 'AWS::IAM::Role R' },
      );
    expect(rulesOf([], [role('arn:aws:iam::aws:policy/ReadOnlyAccess')])).toEqual([]);
    expect(rulesOf([], [role('arn:aws:iam::aws:policy/AdministratorAccess')])).toEqual(['granted']);
    expect(rulesOf([role('arn:aws:iam::aws:policy/ReadOnlyAccess')], [role()])).toEqual(['withdrawn']);
  });

  test('roles that settings hand on: in lists, as keys with holders, but not in prose or mere moves', () => {
    const local = (value: Plain): Resource => make('local', 'roles', { value }, { address: 'local.roles' });
    expect(detect([local(['roles/viewer'])], [local(['roles/viewer', 'roles/owner'])])).toMatchObject([
      { rule: 'role-bindings/granted', statement: '`local.roles` gives roles/owner (full administration)' },
    ]);
    expect(
      detect(
        [local({ 'roles/viewer': ['group:a@x.org'] })],
        [local({ 'roles/viewer': ['group:a@x.org', 'group:b@x.org'] })],
      )[0]?.statement,
    ).toBe('`local.roles` gives roles/viewer to group:b@x.org (reading data)');
    expect(rulesOf([local(['roles/viewer', 'roles/owner'])], [local(['roles/viewer'])])).toEqual([
      'withdrawn',
    ]);
    expect(
      rulesOf([local(['roles/viewer', 'roles/browser'])], [local(['roles/browser', 'roles/viewer'])]),
    ).toEqual([]);
    const module = (more: { readonly [key: string]: Plain }): Resource =>
      make('module', 'm', { source: './x', ...more });
    expect(
      rulesOf([module({})], [module({ managed_policies: ['arn:aws:iam::aws:policy/AdministratorAccess'] })]),
    ).toEqual(['granted']);
    expect(rulesOf([module({})], [module({ description: 'gives roles/owner' })])).toEqual([]);
    expect(rulesOf([], [local(['roles/owner'])])).toEqual([]);
  });

  test('a binding that is repeated for a list: one more is a grant more', () => {
    const each = (list: Plain): Resource =>
      make('google_project_iam_member', 'm', {
        for_each: list,
        project: 'shop',
        role: ref('each.value'),
        member: robot,
      });
    expect(detect([each(['roles/viewer'])], [each(['roles/viewer', 'roles/owner'])])).toMatchObject([
      {
        rule: 'role-bindings/granted',
        statement: '`google_project_iam_member.m` gives roles/owner (full administration)',
      },
    ]);
    expect(rulesOf([each(['roles/viewer', 'roles/owner'])], [each(['roles/owner'])])).toEqual(['withdrawn']);
    expect(rulesOf([each(ref('var.roles', 'var.roles'))], [each(ref('local.roles', 'local.roles'))])).toEqual(
      [],
    );
  });

  test('another way to name the same thing is no grant; another variable for it does not decide', () => {
    const on = (text: string): Resource =>
      make('google_storage_bucket_iam_member', 'm', {
        bucket: ref(text),
        role: 'roles/storage.admin',
        member: robot,
      });
    expect(
      detect([on('google_storage_bucket.b[0].name')], [on('try(google_storage_bucket.b.name, "")')]),
    ).toEqual([]);
    expect(detect([on('local.bucket')], [on('var.bucket')]).map((f) => f.deciding)).toEqual([false]);
    expect(
      detect([on('google_storage_bucket.a.name')], [on('google_storage_bucket.b.name')]).map(
        (f) => f.deciding,
      ),
    ).toEqual([true]);
    const to = (text: string): Resource =>
      make('google_project_iam_member', 'm', { project: 'p', role: 'roles/viewer', member: ref(text) });
    expect(detect([to('var.auditor')], [to('var.vendor')]).map((f) => f.deciding)).toEqual([true]);
  });

  test('the longest literal of the table wins, and every entry says something', () => {
    expect(grantTable('google_service_account_iam_member')?.trust).toBe(true);
    expect(isBinding('google_project_iam_member')).toBe(true);
    expect(isBinding('aws_s3_bucket')).toBe(false);
    expect(bindingsOf(make('constructor', 'x', { role: 'x' }))).toEqual([]);
    const all = GRANTS.grants.flatMap((g) => g.match);
    expect(all).toEqual([...new Set(all)]);
    for (const g of GRANTS.grants) expect([g.principals, g.actions, g.implied].some(Boolean)).toBe(true);
  });

  test('huge lists stay quick', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `user:u${i}@x.org`);
    const binding = (members: string[]): Resource =>
      make('google_project_iam_binding', 'b', { role: 'roles/viewer', members });
    const took = stopwatch();
    expect(
      detect([binding(many)], [binding([...many.toReversed(), 'user:new@x.org'].slice(1))]),
    ).toHaveLength(1);
    expect(took()).toBeLessThan(4_000);
  });
});
