import type { ModelNode, Threat } from '../../model/threat-model.ts';
import type { QualityFinding } from '../quality.ts';
import { strideOf } from '../reading/stride.ts';
import { normaliseName } from '../reading/text.ts';
import type { QualityContext } from './context.ts';

/** Titles that would fit any system. Compared as a whole, without articles and plural. */
const VAGUE = new Set([
  ...[
    'cyberattack',
    'cyber attack',
    'attack',
    'hacker',
    'hacking',
    'hack',
    'hacker attack',
    'malware',
    'virus',
    'ransomware',
    'breach',
  ],
  ...[
    'data breach',
    'security breach',
    'data leak',
    'data loss',
    'data theft',
    'unauthorized access',
    'unauthorised access',
    'insider threat',
  ],
  ...[
    'security issue',
    'security risk',
    'security threat',
    'vulnerability',
    'misconfiguration',
    'human error',
    'phishing',
    'threat',
    'risk',
  ],
  ...[
    'system compromise',
    'compromise',
    'injection',
    'injection attack',
    'exploit',
    'abuse',
    'misuse',
    'something bad',
    'bad actor',
    'other',
    'various',
  ],
  ...[
    'external attacker',
    'malicious user',
    'attacker',
    'new threat',
    'untitled threat',
    'test',
    'foo',
    'example',
    'example threat',
    'sample threat',
  ],
]);

/** Text that tools and templates put there. */
const TEMPLATE = [
  /\blorem ipsum\b/i,
  /^(?:some|an?) (?:text|words) describing\b/i,
  /^some (?:individual|custom) risk example\b/i,
  /^example (?:individual|custom) risk\b/i,
  /\b(?:insert|enter|add|your) (?:a |an |the )?(?:threat|title|name|description|mitigation|text|component)\b.*\bhere\b/i,
  /^provide (?:a )?(?:description|mitigation|remediation)\b/i,
  /^(?:tbd|todo|fixme|xxx+)\b/i,
  /<(?:what|which|who|why|how|where|describe|name|id|the|your|threat|component|title|address)\b[^<>]{0,120}>/i,
  /^new (?:generic|stride|linddun|cia|ciadie|die|plot4ai|eop) (?:threat|diagram)\b/i,
];

/** Names that drawing tools give to a shape nobody has named. */
const UNNAMED = new Set([
  'actor',
  'process',
  'store',
  'data flow',
  'flow',
  'trust boundary',
  'unnamed boundary',
  'external entity',
  'data store',
  'new component',
  'new element',
  'component',
  'untitled',
]);

/** Words of a description from which on a vague title is explained. */
const EXPLAINED = 8;

/** TM006. */
export function findVague(context: QualityContext): readonly QualityFinding[] {
  const threats = context.threats.flatMap((threat) => judgeThreat(threat) ?? []);
  const { model } = context;
  const named = [
    ...model.components,
    ...model.flows.filter((one) => one.source === undefined || one.target === undefined),
  ];
  const nodes = [...named, ...model.dataAssets, ...model.vendors].filter((one) => context.wants(one.key));
  return [...threats, ...nodes.flatMap((node) => judgeName(node) ?? [])];
}

function judgeThreat(threat: Threat): QualityFinding | undefined {
  const place = { rule: 'TM006', location: threat.location, key: threat.key } as const;
  const texts = [threat.name, threat.description ?? '', ...threat.mitigations.map((one) => one.text)];
  const template = texts.find((text) => TEMPLATE.some((pattern) => pattern.test(text.trim())));
  if (threat.origin === 'template-placeholder' || template !== undefined) {
    const quoted = template ?? threat.name;
    return {
      ...place,
      message: `The threat “${threat.name}” still says what the template says (“${quoted.slice(0, 80)}”).`,
      remedy: 'Write what can happen in this system and what is done against it, or delete the threat.',
    };
  }
  if (threat.origin === 'tool-generated' || !isVague(threat)) return undefined;
  return {
    ...place,
    message: `“${threat.name}” would fit any system.`,
    remedy: 'Say who can do what to which part of this system, and what comes of it.',
  };
}

function isVague(threat: Threat): boolean {
  const title = normaliseName(threat.name).replace(/^(?:an?|the) /, '');
  const vague = VAGUE.has(title) || VAGUE.has(title.replace(/s$/, '')) || strideOf(title) !== undefined;
  return vague && (threat.description ?? '').split(/\s+/).filter((word) => word !== '').length < EXPLAINED;
}

function judgeName(node: ModelNode): QualityFinding | undefined {
  const unfilled = [node.name, node.description ?? ''].find((text) =>
    TEMPLATE.some((pattern) => pattern.test(text)),
  );
  if (unfilled !== undefined)
    return {
      rule: 'TM006',
      location: node.location,
      key: node.key,
      message: `“${node.name}” still says what the template says (“${unfilled.slice(0, 80)}”).`,
      remedy: 'Write what it is and does in this system.',
    };
  if (!UNNAMED.has(normaliseName(node.name))) return undefined;
  return {
    rule: 'TM006',
    location: node.location,
    key: node.key,
    message: `“${node.name}” is the name the tool gave; nobody can tell what it stands for.`,
    remedy: 'Give it the name people use for it.',
  };
}
