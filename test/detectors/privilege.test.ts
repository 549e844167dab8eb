import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/privilege.ts';
import { bothWays, briefOf, factsOf } from '../support/stacks.ts';

const workload = (context: string, pod = '', image = 'api:1'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n${pod}      containers:\n        - name: api\n          image: ${image}\n${context}`;
const context = (line: string): string => `          securityContext:\n            ${line}\n`;
const k8s = (base: string, head: string): readonly string[] => briefOf(detector, 'kubernetes', base, head);
const raised = ['privilege/raised Deployment/-/api *'];
const lowered = ['privilege/lowered Deployment/-/api *'];

describe('privilege, Kubernetes', () => {
  test.each([
    ['privileged', workload(''), workload(context('privileged: true'))],
    ['escalation allowed again', workload(context('allowPrivilegeEscalation: false')), workload('')],
    ['may be root again', workload(context('runAsNonRoot: true')), workload('')],
    ['root by number', workload(context('runAsUser: 1000')), workload(context('runAsUser: 0'))],
    ['a capability', workload(''), workload(context('capabilities: {add: [SYS_ADMIN]}'))],
    ['keeps its capabilities', workload(context('capabilities: {drop: [ALL]}')), workload('')],
    ['the network of the host', workload(''), workload('', '      hostNetwork: true\n')],
    ['the processes of the host', workload(''), workload('', '      hostPID: true\n')],
    [
      'a folder of the host',
      workload(''),
      workload(
        '',
        '      volumes:\n        - name: docker\n          hostPath: {path: /var/run/docker.sock}\n',
      ),
    ],
    [
      'no confinement of calls',
      workload(context('seccompProfile: {type: RuntimeDefault}')),
      workload(context('seccompProfile: {type: Unconfined}')),
    ],
  ])('%s: raised one way, lowered the other', (_, low, high) => {
    expect(bothWays(detector, 'kubernetes', low, high)).toEqual([raised, lowered]);
  });

  test('the same in three containers is one fact', () => {
    const three = (more: string): string =>
      workload(
        `${more}        - name: b\n          image: b:1\n${more}        - name: c\n          image: c:1\n${more}`,
      );
    expect(k8s(three(''), three(context('runAsNonRoot: true')))).toEqual(lowered);
  });

  test('a new workload is told of when it is privileged, not when it is confined', () => {
    expect(k8s('', workload(context('privileged: true')))).toEqual(raised);
    expect(k8s('', workload(context('runAsNonRoot: true')))).toEqual([]);
  });

  test.each([
    ['memory', workload(''), workload('          resources: {limits: {memory: 1Gi}}\n')],
    ['an image', workload(''), workload('', '', 'api:2')],
    ['a default written out', workload(''), workload(context('privileged: false'))],
    [
      'an emptyDir',
      workload(''),
      workload('', '      volumes:\n        - name: tmp\n          emptyDir: {}\n'),
    ],
  ])('%s is no fact', (_, base, head) => expect(k8s(base, head)).toEqual([]));
});

describe('privilege, elsewhere', () => {
  const app = (line: string): string => `services:\n  api:\n    image: api:1\n    user: "1000"\n${line}`;
  test.each([
    ['privileged', app(''), app('    privileged: true\n')],
    ['a capability', app(''), app('    cap_add: [NET_ADMIN]\n')],
    ['the network of the host', app(''), app('    network_mode: host\n')],
    [
      'the socket of the container engine',
      app(''),
      app('    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n'),
    ],
  ])('Compose: %s', (_, low, high) => {
    expect(bothWays(detector, 'compose', low, high).map((f) => f.filter((x) => x.endsWith('*')))).toEqual([
      ['privilege/raised service/api *'],
      ['privilege/lowered service/api *'],
    ]);
  });
  test('Compose: a folder of the project is none', () => {
    expect(
      briefOf(detector, 'compose', app(''), app('    volumes:\n      - ./data:/data\n')).filter((f) =>
        f.endsWith('*'),
      ),
    ).toEqual([]);
  });

  test('the metadata service of a virtual machine', () => {
    const vm = (tokens: string): string =>
      `resource "aws_instance" "x" {\n  ami = "a"\n  metadata_options {\n    http_tokens = "${tokens}"\n  }\n}`;
    expect(factsOf(detector, 'terraform', vm('required'), vm('optional'))).toMatchObject([
      { rule: 'privilege/raised', categories: ['identity-access'], deciding: true },
    ]);
    expect(
      briefOf(detector, 'terraform', vm('optional'), `resource "aws_instance" "x" {\n  ami = "b"\n}`),
    ).toEqual([]);
  });
});
