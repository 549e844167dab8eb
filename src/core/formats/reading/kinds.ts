import type { ComponentKind } from '../../model/threat-model.ts';
import { normaliseName } from './text.ts';

/** Words in a type, class or name that tell what a component is; the first list with a hit decides. */
const WORDS: readonly (readonly [ComponentKind, RegExp])[] = [
  [
    'data-store',
    /\b(?:data ?stores?|databases?|db|sql|postgres\w*|mysql|mongo\w*|redis|dynamo\w*|rds|s3|buckets?|storage|blob|cache|queues?|topics?|kafka|sqs|sns|kinesis|volumes?|disks?|file ?systems?|files?|warehouse|lake|vaults?|secrets? (?:store|manager)|parameter store|key ?store|registry|repository|tables?|logs?|stores?|elasticsearch|opensearch|datenbank|speicher)\b/,
  ],
  [
    'external-entity',
    /\b(?:external(?: entity)?|actors?|users?|persons?|people|humans?|customers?|clients?|browsers?|mobile|third part\w*|partners?|vendors?|suppliers?|saas|internet|attackers?|operators?|admins?|administrators?|developers?|terminators?|benutzer|kunde)\b/,
  ],
  [
    'process',
    /\b(?:process(?:es)?|services?|servers?|apps?|applications?|api|apis|gateways?|lambdas?|functions?|containers?|pods?|workers?|jobs?|compute|backends?|frontends?|web|spa|ui|portals?|consoles?|websites?|sites?|user pools?|microservices?|daemons?|agents?|controllers?|load ?balancers?|prox(?:y|ies)|brokers?|engines?|schedulers?|cron|pipelines?|modules?|plugins?|librar(?:y|ies)|cdn|firewalls?|networks?|security|runtime|devices?|nodes?|instances?|ec2|ecs|eks|fargate|dienst)\b/,
  ],
];

/** Kind of a component from its name: the last word is the noun, so it counts before the others (`User API` is no user). */
export function kindOfName(name: string): ComponentKind {
  const words = normaliseName(name).split(' ');
  const tails = [words.at(-1) ?? '', words.slice(-2).join(' '), words.join(' ')];
  return tails.map(kindOf).find((kind) => kind !== 'unknown') ?? 'unknown';
}

/** Kind of a component from the words people gave it, or `unknown`. */
export function kindOf(words: string): ComponentKind {
  const text = normaliseName(words);
  return WORDS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'unknown';
}
