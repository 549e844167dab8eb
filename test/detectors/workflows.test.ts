import { describe, expect, test } from '@jest/globals';
import type { Detector } from '../../src/core/detectors/detector.ts';
import { detector as actions } from '../../src/core/detectors/workflow-actions.ts';
import { detector as checks } from '../../src/core/detectors/workflow-checks.ts';
import { detector as permissions } from '../../src/core/detectors/workflow-permissions.ts';
import { detector as runners } from '../../src/core/detectors/workflow-runners.ts';
import { detector as secrets } from '../../src/core/detectors/workflow-secrets.ts';
import { detector as steps } from '../../src/core/detectors/workflow-steps.ts';
import { detector as triggers } from '../../src/core/detectors/workflow-triggers.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import { reader } from '../../src/core/readers/github-actions.ts';
import { brief, detectChange, type Texts } from '../support/changes.ts';

const PATH = '.github/workflows/ci.yml';
const ALL = [triggers, permissions, runners, actions, secrets, steps, checks];
const SHA = '0123456789abcdef0123456789abcdef01234567';

interface Parts {
  readonly on?: string;
  readonly top?: string;
  readonly job?: string;
  readonly steps?: string;
  readonly more?: string;
}

/** A workflow with one job `a`; parts are YAML lines at their place. */
function workflow({ on = 'push:', top = '', job = '', steps = '- run: make', more = '' }: Parts): string {
  const indent = (text: string, by: number): string =>
    text
      .split('\n')
      .map((l) => (l === '' ? l : ' '.repeat(by) + l))
      .join('\n');
  return (
    `on:\n${indent(on, 2)}\n${top}\njobs:\n  a:\n    runs-on: ${/runs-on/.test(job) ? '' : 'ubuntu-24.04'}\n`.replace(
      '    runs-on: \n',
      '',
    ) + `${indent(job, 4)}\n    steps:\n${indent(steps, 6)}\n${indent(more, 2)}\n`
  );
}

const one = (parts: Parts): Texts => ({ [PATH]: workflow(parts) });
const run = (detector: Detector, base: Texts, head: Texts): readonly Fact[] =>
  detectChange(reader, detector, base, head);
const changes = (detector: Detector, base: Parts, head: Parts): readonly string[] =>
  brief(run(detector, one(base), one(head)));

describe('workflow-triggers', () => {
  test('privileged event: added and removed decide', () => {
    expect(changes(triggers, { on: 'push:' }, { on: 'push:\npull_request_target:' })).toEqual([
      `workflow-triggers/privileged-event ${PATH}#on.pull_request_target *`,
    ]);
    const [gone] = run(triggers, one({ on: 'issue_comment:' }), one({ on: 'push:' })).filter(
      (f) => f.deciding,
    );
    expect(gone).toMatchObject({
      address: `${PATH}#on.issue_comment`,
      side: 'base',
      line: 2,
      kind: 'setting-changed',
    });
  });

  test('an event with the same filters under another name is another event', () => {
    const filters =
      '\n  branches: [main]\n  types: [opened, synchronize, reopened, labeled]\n  paths: [a, b, c, d]';
    expect(
      changes(triggers, { on: `pull_request:${filters}` }, { on: `pull_request_target:${filters}` }),
    ).toEqual([
      `workflow-triggers/event ${PATH}#on.pull_request`,
      `workflow-triggers/privileged-event ${PATH}#on.pull_request_target *`,
    ]);
  });

  test('twin: other events do not decide, filters are no facts', () => {
    expect(changes(triggers, { on: 'push:' }, { on: 'push:\npull_request:' })).toEqual([
      `workflow-triggers/event ${PATH}#on.pull_request`,
    ]);
    expect(changes(triggers, { on: 'push:' }, { on: 'push:\n  branches: [main]' })).toEqual([]);
  });

  test('an outsiders’ event decides only where something is held', () => {
    const holds = { steps: '- run: x\n  env: {T: "${{ secrets.T }}"}' };
    expect(changes(triggers, holds, { ...holds, on: 'push:\nissues:' })).toEqual([
      `workflow-triggers/event ${PATH}#on.issues *`,
    ]);
    expect(changes(triggers, {}, { on: 'push:\nissues:' })).toEqual([
      `workflow-triggers/event ${PATH}#on.issues`,
    ]);
  });

  test('a whole workflow is told once and decides nothing; its dangerous event does', () => {
    expect(brief(run(triggers, {}, one({ on: 'push:\npull_request:' })))).toEqual([
      `workflow-triggers/workflow-added ${PATH}`,
    ]);
    expect(brief(run(triggers, one({}), {}))).toEqual([`workflow-triggers/workflow-removed ${PATH}`]);
    expect(brief(run(triggers, {}, one({ on: 'workflow_run:\n  workflows: [x]' })))).toEqual([
      `workflow-triggers/privileged-event ${PATH}#on.workflow_run *`,
      `workflow-triggers/workflow-added ${PATH}`,
    ]);
  });
});

describe('workflow-permissions', () => {
  test('raised: a job gets to write code, a workflow gets an identity', () => {
    const facts = run(
      permissions,
      one({ job: 'permissions: {contents: read}' }),
      one({ job: 'permissions: {contents: write}' }),
    );
    expect(brief(facts)).toEqual(['workflow-permissions/raised job ci.a *']);
    expect(facts[0]).toMatchObject({
      line: 7,
      before: 'contents: read',
      after: 'contents: write',
      statement: 'token of `job ci.a` raised: `contents` from read to write',
    });
    expect(
      changes(
        permissions,
        { top: 'permissions: {contents: read}' },
        { top: 'permissions: {contents: read, id-token: write}' },
      ),
    ).toEqual([`workflow-permissions/raised ${PATH} *`]);
    expect(
      changes(permissions, { top: 'permissions: {contents: read}' }, { top: 'permissions: write-all' }),
    ).toEqual([`workflow-permissions/raised ${PATH} *`]);
    expect(changes(permissions, { top: 'permissions: {contents: read}' }, {})).toEqual([
      `workflow-permissions/raised ${PATH} *`,
    ]);
    expect(changes(permissions, {}, { top: 'permissions: {id-token: write}' })).toEqual([
      `workflow-permissions/raised ${PATH} *`,
    ]);
  });

  test('twin: more to read, and writing reports, do not decide; another order is nothing', () => {
    expect(
      changes(
        permissions,
        { top: 'permissions: {contents: read}' },
        { top: 'permissions: {contents: read, actions: read}' },
      ),
    ).toEqual([`workflow-permissions/raised ${PATH}`]);
    expect(
      changes(
        permissions,
        { top: 'permissions: {contents: read}' },
        { top: 'permissions: {contents: read, checks: write}' },
      ),
    ).toEqual([`workflow-permissions/raised ${PATH}`]);
    expect(
      changes(
        permissions,
        { top: 'permissions: {a: read, b: write}' },
        { top: 'permissions:\n  b: write\n  a: read' },
      ),
    ).toEqual([]);
  });

  test('lowered: from write, and from the unknown default to what is written', () => {
    expect(
      changes(
        permissions,
        { job: 'permissions: {contents: write}' },
        { job: 'permissions: {contents: read}' },
      ),
    ).toEqual(['workflow-permissions/lowered job ci.a *']);
    expect(changes(permissions, {}, { top: 'permissions: {contents: read}' })).toEqual([
      `workflow-permissions/lowered ${PATH} *`,
    ]);
    expect(
      changes(
        permissions,
        { top: 'permissions: {contents: read, actions: read}' },
        { top: 'permissions: {contents: read}' },
      ),
    ).toEqual([`workflow-permissions/lowered ${PATH}`]);
  });

  test('granted: a new job or workflow that writes', () => {
    const more = 'b:\n  permissions: {packages: write}\n  steps: []';
    expect(changes(permissions, {}, { more })).toEqual(['workflow-permissions/granted job ci.b *']);
    expect(brief(run(permissions, {}, one({ top: 'permissions: {contents: write}' })))).toEqual([
      `workflow-permissions/granted ${PATH} *`,
    ]);
  });

  test('twin: a new job that reads, reports, or does what its workflow did already', () => {
    expect(changes(permissions, {}, { more: 'b:\n  permissions: {contents: read}\n  steps: []' })).toEqual(
      [],
    );
    expect(brief(run(permissions, {}, one({ top: 'permissions: {security-events: write}' })))).toEqual([
      `workflow-permissions/granted ${PATH}`,
    ]);
    const job = 'permissions: {packages: write}';
    expect(
      changes(permissions, { job }, { job, more: 'b:\n  permissions: {packages: write}\n  steps: []' }),
    ).toEqual(['workflow-permissions/granted job ci.b']);
  });
});

describe('workflow-runners', () => {
  test('a machine of one’s own: coming and going', () => {
    expect(changes(runners, {}, { job: 'runs-on: [self-hosted, linux]' })).toEqual([
      'workflow-runners/own-runner-added job ci.a *',
    ]);
    expect(changes(runners, {}, { job: 'runs-on: buildjet-4vcpu-ubuntu-2204' })).toEqual([
      'workflow-runners/own-runner-added job ci.a *',
    ]);
    expect(changes(runners, { job: 'runs-on: self-hosted' }, {})).toEqual([
      'workflow-runners/own-runner-removed job ci.a *',
    ]);
  });

  test('twin: other machines of GitHub’s, other labels of one’s own, what a variable chooses', () => {
    expect(changes(runners, {}, { job: 'runs-on: ubuntu-latest' })).toEqual([]);
    expect(changes(runners, {}, { job: 'runs-on: 8core-ubuntu-latest-arm' })).toEqual([]);
    expect(changes(runners, { job: 'runs-on: self-hosted' }, { job: 'runs-on: [self-hosted, big]' })).toEqual(
      [],
    );
    expect(changes(runners, {}, { job: 'runs-on: ${{ inputs.where }}' })).toEqual([]);
  });

  test('container image of a job', () => {
    expect(changes(runners, {}, { job: 'container: someone/tool:1' })).toEqual([
      'workflow-runners/container-changed job ci.a *',
    ]);
    expect(
      changes(runners, { job: 'container: someone/tool:1' }, { job: 'container: someone/tool:2' }),
    ).toEqual([]);
    expect(changes(runners, {}, { job: 'container: node:22' })).toEqual([
      'workflow-runners/container-changed job ci.a',
    ]);
    expect(changes(runners, {}, { job: 'container: ghcr.io/example/tool:1' })).toEqual([
      'workflow-runners/container-changed job ci.a',
    ]);
    expect(changes(runners, {}, { job: 'container: someone/tool@sha256:00' })).toEqual([
      'workflow-runners/container-changed job ci.a',
    ]);
  });

  test('container with rights over its host', () => {
    const job = (options: string): string => `container: {image: node, options: "${options}"}`;
    expect(changes(runners, { job: job('--cpus 1') }, { job: job('--privileged') })).toEqual([
      'workflow-runners/container-privileged job ci.a *',
    ]);
    expect(changes(runners, { job: job('--cpus 1') }, { job: job('--cpus 2') })).toEqual([]);
  });
});

describe('workflow-actions', () => {
  const uses = (name: string): Parts => ({ steps: `- uses: ${name}` });

  test('third party by tag decides', () => {
    const facts = run(actions, one({}), one(uses('someone/tool@v1')));
    expect(brief(facts)).toEqual(['workflow-actions/third-party-added job ci.a *']);
    expect(facts[0]?.statement).toBe(
      '`job ci.a` uses the third-party action `someone/tool@v1`, not fixed to a commit',
    );
    expect(changes(actions, {}, uses('docker://someone/tool:1'))).toEqual([
      'workflow-actions/third-party-added job ci.a *',
    ]);
  });

  test('a pinned one decides only when it is given a secret', () => {
    expect(changes(actions, {}, uses(`someone/tool@${SHA}`))).toEqual([
      'workflow-actions/third-party-added job ci.a',
    ]);
    expect(
      changes(actions, {}, { steps: `- uses: someone/tool@${SHA}\n  with: {key: "\${{ secrets.KEY }}"}` }),
    ).toEqual(['workflow-actions/third-party-added job ci.a *']);
    expect(
      changes(
        actions,
        {},
        { steps: `- uses: someone/tool@${SHA}\n  with: {key: "\${{ secrets.GITHUB_TOKEN }}"}` },
      ),
    ).toEqual(['workflow-actions/third-party-added job ci.a']);
  });

  test('twin: one’s own, local ones, other versions; GitHub’s own are listed', () => {
    expect(changes(actions, {}, uses('example/tool@v1'))).toEqual([]);
    expect(changes(actions, {}, uses('./tool'))).toEqual([]);
    expect(changes(actions, uses('someone/tool@v1'), uses('someone/tool@v2'))).toEqual([]);
    expect(
      changes(actions, uses(`someone/tool@${SHA}`), uses(`someone/tool@${SHA.replaceAll('0', '9')}`)),
    ).toEqual([]);
    expect(changes(actions, {}, uses('actions/checkout@v6'))).toEqual([
      'workflow-actions/first-party-added job ci.a',
    ]);
  });

  test('an action another job here uses already does not decide', () => {
    const base = uses('someone/tool@v1');
    expect(changes(actions, base, { ...base, more: 'b:\n  steps: [{uses: someone/tool@v1}]' })).toEqual([
      'workflow-actions/third-party-added job ci.b',
    ]);
  });

  test('pin lost, and its twin', () => {
    expect(changes(actions, uses(`someone/tool@${SHA}`), uses('someone/tool@v1'))).toEqual([
      'workflow-actions/pin-lost job ci.a *',
    ]);
    expect(changes(actions, uses('someone/tool@v1'), uses(`someone/tool@${SHA}`))).toEqual([]);
  });

  test('a reusable workflow of somebody else', () => {
    const head = { [PATH]: 'on: push\njobs:\n  a:\n    uses: someone/shared/.github/workflows/x.yml@main\n' };
    expect(brief(run(actions, { [PATH]: 'on: push\njobs:\n  a:\n    runs-on: x\n' }, head))).toEqual([
      'workflow-actions/third-party-added job ci.a *',
    ]);
  });
});

describe('workflow-actions: owners that are known', () => {
  const uses = (name: string, job = ''): Parts => ({ job, steps: `- uses: ${name}` });
  test('another action of an owner whose actions run here does not decide', () => {
    expect(changes(actions, uses('someone/tool@v1'), uses('someone/other@v1'))).toEqual([
      'workflow-actions/third-party-added job ci.a',
    ]);
    expect(changes(actions, uses('someone/tool@v1'), uses('somebody/other@v1'))).toEqual([
      'workflow-actions/third-party-added job ci.a *',
    ]);
  });

  test('a pinned one of a new owner decides in a job that may write', () => {
    expect(changes(actions, {}, uses(`someone/tool@${SHA}`, 'permissions: {contents: write}'))).toEqual([
      'workflow-actions/third-party-added job ci.a *',
    ]);
    expect(changes(actions, {}, uses(`someone/tool@${SHA}`, 'permissions: {issues: write}'))).toEqual([
      'workflow-actions/third-party-added job ci.a',
    ]);
  });
});

describe('workflow-secrets', () => {
  const uses = (name: string): Parts => ({ steps: `- run: deploy\n  env: {T: "\${{ secrets.${name} }}"}` });

  test('a new consumer decides and names the secret', () => {
    const facts = run(secrets, one({}), one(uses('KEY')));
    expect(brief(facts)).toEqual(['workflow-secrets/consumer-added job ci.a *']);
    expect(facts[0]).toMatchObject({ after: 'KEY', statement: '`job ci.a` uses the secret `KEY`' });
    expect(brief(run(secrets, {}, one(uses('KEY'))))).toEqual([`workflow-secrets/consumer-added ${PATH} *`]);
  });

  test('twin: the run’s own token, another place in the job, a job split off', () => {
    expect(changes(secrets, {}, uses('GITHUB_TOKEN'))).toEqual([]);
    expect(
      changes(secrets, uses('KEY'), { steps: '- run: other\n  env: {U: "${{ secrets.KEY }}"}' }),
    ).toEqual([]);
    expect(
      changes(secrets, uses('KEY'), { ...uses('KEY'), more: 'b:\n  steps: [{run: "${{ secrets.KEY }}"}]' }),
    ).toEqual(['workflow-secrets/consumer-added job ci.b']);
  });

  test('all secrets at once', () => {
    const call = (rest: string): Texts => ({
      [PATH]: `on: push\njobs:\n  a:\n    uses: ./.github/workflows/x.yml\n${rest}`,
    });
    expect(brief(run(secrets, call(''), call('    secrets: inherit\n')))).toEqual([
      'workflow-secrets/all-given job ci.a *',
    ]);
    expect(changes(secrets, {}, { steps: "- run: echo '${{ toJSON(secrets) }}'" })).toEqual([
      'workflow-secrets/all-given job ci.a *',
    ]);
    expect(
      brief(run(secrets, call('    secrets: inherit\n'), call('    with: {x: 1}\n    secrets: inherit\n'))),
    ).toEqual([]);
  });

  test('environment lost, and its twins', () => {
    expect(changes(secrets, { job: 'environment: production' }, {})).toEqual([
      'workflow-secrets/environment-removed job ci.a *',
    ]);
    expect(changes(secrets, {}, { job: 'environment: production' })).toEqual([
      'workflow-secrets/environment-changed job ci.a',
    ]);
    expect(
      changes(
        secrets,
        { job: 'environment: production' },
        { job: 'environment: {name: production, url: x}' },
      ),
    ).toEqual([]);
  });
});

describe('workflow-steps', () => {
  const shell = (script: string): Parts => ({ steps: `- run: ${JSON.stringify(script)}` });

  test('script injection, in scripts and in program inputs', () => {
    expect(changes(steps, {}, shell('echo "${{ github.event.pull_request.title }}"'))).toEqual([
      'workflow-steps/script-injection job ci.a *',
    ]);
    expect(changes(steps, {}, shell("echo ${{ github['head_ref'] }}"))).toEqual([
      'workflow-steps/script-injection job ci.a *',
    ]);
    expect(changes(steps, {}, shell('echo ${{ toJSON(github.event.commits[0].message) }}'))).toEqual([
      'workflow-steps/script-injection job ci.a *',
    ]);
    expect(
      changes(
        steps,
        {},
        {
          steps:
            '- uses: actions/github-script@v8\n  with: {script: "x(`${{ github.event.comment.body }}`)"}',
        },
      ),
    ).toEqual(['workflow-steps/script-injection job ci.a *']);
  });

  test('twin: passed by environment, chosen by us, or there before', () => {
    expect(
      changes(steps, {}, { steps: '- run: echo "$T"\n  env: {T: "${{ github.event.pull_request.title }}"}' }),
    ).toEqual([]);
    expect(
      changes(steps, {}, shell('echo ${{ github.sha }} ${{ github.event.pull_request.number }}')),
    ).toEqual([]);
    expect(changes(steps, shell('a ${{ github.head_ref }}'), shell('b ${{ github.head_ref }}'))).toEqual([]);
  });

  test('privileged checkout of a pull request, and its twin on push', () => {
    const checkout = {
      steps: '- uses: actions/checkout@v6\n  with: {ref: "${{ github.event.pull_request.head.sha }}"}',
    };
    expect(
      changes(steps, { on: 'pull_request_target:' }, { on: 'pull_request_target:', ...checkout }),
    ).toEqual(['workflow-steps/untrusted-checkout job ci.a *']);
    expect(changes(steps, { on: 'pull_request:' }, { on: 'pull_request:', ...checkout })).toEqual([]);
  });

  test('deploying, with the command anywhere in a script', () => {
    expect(changes(steps, {}, shell('cd infra && \\\n  terraform -chdir=x apply -auto-approve'))).toEqual([
      'workflow-steps/deploy-added job ci.a *',
    ]);
    expect(changes(steps, {}, { steps: '- uses: azure/login@v2' })).toEqual([
      'workflow-steps/deploy-added job ci.a *',
    ]);
    expect(changes(steps, shell('npm publish'), shell('npm publish --provenance'))).toEqual([]);
    expect(changes(steps, shell('npm publish'), shell('npm publish && gh release create v1'))).toEqual([
      'workflow-steps/deploy-added job ci.a',
    ]);
    expect(changes(steps, {}, shell('terraform plan -out apply.bin\n# kubectl apply\necho helm'))).toEqual(
      [],
    );
  });

  test('downloads that are run unseen', () => {
    expect(
      changes(steps, {}, shell('curl -sSL https://get.example.com/install | sudo bash -s -- -y')),
    ).toEqual(['workflow-steps/download-executed job ci.a *']);
    expect(changes(steps, {}, shell('bash <(curl -s https://a.example/x)'))).toEqual([
      'workflow-steps/download-executed job ci.a *',
    ]);
    expect(changes(steps, {}, shell('eval "$(wget -qO- https://a.example/x)"'))).toEqual([
      'workflow-steps/download-executed job ci.a *',
    ]);
    expect(changes(steps, {}, shell('curl https://a.example/x | jq .name'))).toEqual([]);
    expect(changes(steps, {}, shell('V=$(curl -s https://a.example/version)\nbash build.sh'))).toEqual([]);
  });
});

describe('workflow-secrets/no-longer-used', () => {
  const publish = { steps: '- run: publish ${{ secrets.RELEASE_KEY }}' };
  test('the last use of a secret goes, with its job or its workflow', () => {
    expect(changes(secrets, publish, {})).toEqual(['workflow-secrets/no-longer-used job ci.a *']);
    expect(brief(run(secrets, one(publish), {}))).toEqual(['workflow-secrets/no-longer-used job ci.a *']);
  });

  test('twin: used elsewhere, all handed on, the run\u2019s own token', () => {
    const other = { '.github/workflows/b.yml': workflow(publish) };
    expect(run(secrets, { ...one(publish), ...other }, { ...one({}), ...other })).toEqual([]);
    const all = {
      '.github/workflows/b.yml':
        'on: push\njobs:\n  x: {uses: ./.github/workflows/c.yml, secrets: inherit}\n',
    };
    expect(run(secrets, { ...one(publish), ...all }, { ...one({}), ...all })).toEqual([]);
    expect(changes(secrets, { steps: '- run: gh ${{ secrets.GITHUB_TOKEN }}' }, {})).toEqual([]);
  });
});

describe('workflow-checks', () => {
  const trivy = { steps: '- uses: aquasecurity/trivy-action@v1' };

  test('removed or made optional decides', () => {
    expect(changes(checks, trivy, {})).toEqual(['workflow-checks/removed job ci.a *']);
    expect(brief(run(checks, one(trivy), {}))).toEqual(['workflow-checks/removed job ci.a *']);
    expect(
      changes(checks, trivy, { steps: '- uses: aquasecurity/trivy-action@v1\n  continue-on-error: true' }),
    ).toEqual(['workflow-checks/removed job ci.a *']);
    expect(changes(checks, { steps: '- run: npx semgrep ci' }, {})).toEqual([
      'workflow-checks/removed job ci.a *',
    ]);
  });

  test('twin: run in another way or place, replaced by one of its kind', () => {
    expect(
      changes(checks, trivy, { steps: '- run: docker run --rm -v x:/y aquasec/trivy:0.65 image app' }),
    ).toEqual([]);
    expect(changes(checks, trivy, { more: 'b:\n  steps: [{uses: aquasecurity/trivy-action@v2}]' })).toEqual(
      [],
    );
    expect(changes(checks, trivy, { steps: '- uses: anchore/scan-action@v1' })).toEqual([
      'workflow-checks/added job ci.a',
      'workflow-checks/removed job ci.a',
    ]);
  });

  test('the first of its kind decides, another one beside it does not', () => {
    expect(changes(checks, {}, { steps: '- run: govulncheck ./...' })).toEqual([
      'workflow-checks/added job ci.a *',
    ]);
    const both = { steps: '- uses: aquasecurity/trivy-action@v1\n- uses: anchore/scan-action@v1' };
    expect(changes(checks, trivy, both)).toEqual(['workflow-checks/added job ci.a']);
  });
});

test('a renamed workflow file is no fact, and what changed in it is one', () => {
  const parts = {
    on: 'pull_request_target:',
    top: 'permissions: {contents: write}',
    steps: '- uses: someone/tool@v1\n- run: npm publish ${{ secrets.K }}',
  };
  const head = (over: Parts): Texts => ({ '.github/workflows/other.yml': workflow({ ...parts, ...over }) });
  for (const detector of ALL) expect(run(detector, one(parts), head({}))).toEqual([]);
  expect(brief(run(permissions, one(parts), head({ top: 'permissions: {}' })))).toEqual([
    'workflow-permissions/lowered .github/workflows/other.yml *',
  ]);
});

test('layout, comments and other versions of what is used are no facts at all', () => {
  const parts = {
    job: 'permissions: {contents: read}\nenvironment: live',
    steps: '- uses: someone/tool@v1\n- run: make ${{ secrets.K }}',
  };
  const base = one(parts);
  const head = {
    [PATH]: `# license\n${workflow(parts).replaceAll('\n      ', '\n      # note\n      ').replace('@v1', '@v2')}`,
  };
  for (const detector of ALL) expect(run(detector, base, head)).toEqual([]);
});

test('facts carry lines of the file on their side', () => {
  const head = workflow({ steps: '- uses: actions/checkout@v6\n- run: make\n- uses: someone/tool@main' });
  const [fact] = run(
    actions,
    { [PATH]: workflow({ steps: '- uses: actions/checkout@v6' }) },
    { [PATH]: head },
  );
  expect(head.split('\n')[(fact?.line ?? 0) - 1]).toContain('someone/tool@main');
});
