import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import { isSwitchWord, plainValue, settingName } from '../facts/setting-names.ts';
import type { Fact } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import { phraseOccurs, splitWords } from '../semantics/words.ts';
import { truth } from '../values/value.ts';
import type { Detector } from './detector.ts';

/** Settings that decide whether something exists at all. */
export const detector: Detector = {
  id: 'switches',
  title: 'Switches: settings that make or unmake things',
  rules: [
    {
      id: 'switches/component-switched',
      title: 'A setting that deploys something was switched',
      why: 'The component was declared before; this is the change that puts it into an environment, or takes it out.',
      categories: ['new-component', 'removed-component'],
    },
    {
      id: 'switches/platform-service',
      title: 'A service of the cloud platform was enabled or disabled',
      why: 'What the project may use of the platform says where its data can go. The components that use it are told by themselves.',
      categories: ['external-dependency'],
    },
  ],
  detect: ({ deltas }) =>
    deltas.flatMap((d) =>
      d.kind === 'removed' ? [] : d.changes.flatMap((c) => [...switched(d, c), ...service(d, c)]),
    ),
};

/** Verbs that make a thing; "enable" switches features of a thing too, so it says nothing. */
const MAKES: ReadonlySet<string> = new Set(['deploy', 'deploys', 'provision', 'install', 'create']);

/** What is no component even when it is made. */
const NOT_ONE = [
  ['alarm*'],
  ['dashboard*'],
  ['monitor*'],
  ['metric*'],
  ['tag*'],
  ['before', 'destroy'],
  ['namespace*'],
  ['log', 'group*'],
  ['timeout*'],
  ['crd*'],
  ['random*'],
  ['autoscal*'],
];

function switched(delta: ResourceDelta, change: AttributeChange): Fact[] {
  const name = settingName(delta, change);
  if (name === undefined || change.indirect || (delta.kind === 'added' && subject(delta).type !== 'tfvar'))
    return [];
  const words = splitWords(name.slice(name.lastIndexOf('.') + 1));
  if (!MAKES.has(words[0] ?? '') || words.length < 2 || NOT_ONE.some((p) => phraseOccurs(p, words)))
    return [];
  if (![change.before, change.after].some((v) => isSwitchWord(plainValue(v)))) return [];
  const [was, is] = [truth(change.before) ?? false, truth(change.after) ?? false];
  if (was === is) return [];
  return [
    makeDeltaFact(delta, {
      rule: 'switches/component-switched',
      kind: 'setting-changed',
      categories: [is ? 'new-component' : 'removed-component'],
      signals: [is ? 'resource-added' : 'resource-removed'],
      change,
      statement: `setting ${name} of \`${subject(delta).address}\` is now ${is ? 'on' : 'off'}: ${words.slice(1).join(' ')} ${is ? 'will be' : 'will no longer be'} there`,
      before: String(was),
      after: String(is),
      deciding: true,
      detail: name,
    }),
  ];
}

/** Names under which platforms let a project use their services. */
const SERVICE = /^[a-z][a-z0-9-]{2,60}\.googleapis\.com$|^Microsoft\.[A-Z][A-Za-z]{2,40}$/;

function service(delta: ResourceDelta, change: AttributeChange): Fact[] {
  if (change.op === 'changed' || change.indirect || settingName(delta, change) === undefined) return [];
  const name = plainValue(change.after ?? change.before);
  if (typeof name !== 'string' || !SERVICE.test(name)) return [];
  const on = change.after !== undefined;
  return [
    makeDeltaFact(delta, {
      rule: 'switches/platform-service',
      kind: 'setting-changed',
      categories: ['external-dependency'],
      signals: [on ? 'vendor-added' : 'dependency-removed'],
      change,
      statement: `platform service ${name} is ${on ? 'now' : 'no longer'} enabled by \`${subject(delta).address}\``,
      ...(on ? { after: name } : { before: name }),
      deciding: false,
      detail: `${String(on)} ${name}`,
    }),
  ];
}
