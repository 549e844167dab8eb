import { digestOf } from '../core/digest.ts';
import type { Actor, AuditRecord, RecordDraft } from '../core/model/record.ts';
import { openReview } from '../review/re-review/opened.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { ModelledComponent } from './components.ts';
import type { Finding } from './read-sarif.ts';
import { worst } from './severity.ts';

/** Findings of one component that nobody was asked to look at before. */
export interface Group {
  readonly component: ModelledComponent;
  readonly findings: readonly Finding[];
}

/** Findings that one review is about; more are another one. */
const MOST_IN_ONE = 500;
const MOST_RULES = 50;

/** By component, in the order of their names. A finding that is on record already is not asked about again. */
export function groupsOf(
  findings: readonly Finding[],
  componentsOf: (finding: Finding) => readonly ModelledComponent[],
  past: readonly AuditRecord[],
): { readonly groups: readonly Group[]; readonly known: number; readonly elsewhere: number } {
  const asked = fingerprintsIn(past);
  const groups = new Map<string, { component: ModelledComponent; findings: Map<string, Finding> }>();
  let [known, elsewhere] = [0, 0];
  for (const finding of findings) {
    const components = componentsOf(finding);
    if (components.length === 0) elsewhere += 1;
    for (const component of components) {
      if (asked.get(component.name)?.has(finding.fingerprint) === true) {
        known += 1;
        continue;
      }
      const group = groups.get(component.name) ?? { component, findings: new Map<string, Finding>() };
      group.findings.set(finding.fingerprint, group.findings.get(finding.fingerprint) ?? finding);
      groups.set(component.name, group);
    }
  }
  return {
    groups: [...groups.values()]
      .map(({ component, findings: all }) => ({ component, findings: [...all.values()] }))
      .sort((a, b) => (a.component.name < b.component.name ? -1 : 1))
      .flatMap(({ component, findings: all }) => parted(all).map((some) => ({ component, findings: some }))),
    known,
    elsewhere,
  };
}

function parted(all: readonly Finding[]): readonly (readonly Finding[])[] {
  const parts: (readonly Finding[])[] = [];
  for (let from = 0; from < all.length; from += MOST_IN_ONE) parts.push(all.slice(from, from + MOST_IN_ONE));
  return parts;
}

function fingerprintsIn(past: readonly AuditRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>();
  for (const { kind, details } of past) {
    const { components, fingerprints } = details;
    if (kind !== 'review-opened' || !Array.isArray(components) || !Array.isArray(fingerprints)) continue;
    const name = String(components[0]);
    const set = asked.get(name) ?? new Set<string>();
    for (const print of fingerprints) set.add(String(print));
    asked.set(name, set);
  }
  return asked;
}

export interface Circumstances {
  readonly repository: RepositoryRef;
  readonly commit: string;
  readonly now: string;
  readonly due: string;
  /** Of a component that the model gives none. */
  readonly owner: string | undefined;
  readonly actor: Actor;
}

export function reviewFor({ component, findings }: Group, about: Circumstances): RecordDraft {
  const { repository, commit, now, due, actor } = about;
  const fingerprints = findings.map((f) => f.fingerprint).sort();
  const rules = [...new Set(findings.map((f) => f.rule))].sort().slice(0, MOST_RULES);
  const [first] = findings;
  const count = findings.length === 1 ? 'A finding' : `${findings.length} findings`;
  return openReview(
    {
      repository,
      at: now,
      commit,
      actor,
      source: `review/finding/${digestOf(JSON.stringify([component.name, ...fingerprints])).slice('sha256:'.length, 'sha256:'.length + 32)}`,
    },
    {
      cause: 'finding',
      due,
      owner: component.owner ?? about.owner,
      subject: `${count} on ${component.name}: ${rules.slice(0, 5).join(', ')}${rules.length > 5 ? ' …' : ''}`,
      more: {
        components: [component.name],
        tool: [...new Set(findings.map((f) => f.tool))]
          .filter((tool) => tool !== '')
          .slice(0, 5)
          .join(', '),
        rules,
        severity: worst(findings.map((f) => f.severity)),
        findings: findings.length,
        ...(first?.file === undefined
          ? {}
          : { location: first.line === undefined ? first.file : `${first.file}:${first.line}` }),
        fingerprints,
      },
    },
  );
}
