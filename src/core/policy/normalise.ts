import type { Policy } from '../model/policy.ts';
import { DEFAULT_IGNORE } from './default-ignore.ts';
import type { CompletePolicy } from './schema.ts';
import { daysOf } from './spans.ts';

/** The policy as the rest of the core knows it. `origin`: path on the default branch, or `built-in`. */
export function normalise(written: CompletePolicy, origin: string): Policy {
  return {
    origin,
    mode: written.mode,
    model: written.model,
    architecture: written.architecture,
    unreadable: written.unreadable,
    ignore: [...(written.ignore_defaults ? DEFAULT_IGNORE : []), ...written.ignore],
    categories: written.categories,
    except: written.except,
    matching: written.matching,
    pathRules: written.path_rules,
    questions: {
      enabled: written.questions.enabled,
      maxPerComponent: written.questions.max_per_component,
      exclude: written.questions.exclude,
      answers: written.questions.answers,
    },
    approval: written.approval,
    emergency: {
      users: written.emergency.users,
      teams: written.emergency.teams,
      reviewWithinDays: written.emergency.review_within_days,
    },
    review: {
      ...optionalDays('everyDays', written.review.every),
      owners: written.review.owners,
      graceDays: daysOf(written.review.grace) ?? 0,
      ...optionalDays('bypassedDays', written.review.bypassed),
      openIssues: written.review.open_issues,
      incidentLabel: written.review.incident_label,
    },
    quality: written.quality,
    linked: { repositories: written.linked.repositories, mustBeMerged: written.linked.must_be_merged },
    auditors: written.auditors,
    limits: { fileBytes: written.limits.file_bytes },
  };
}

/** Absent for `never`. */
function optionalDays<K extends string>(key: K, span: string): { readonly [P in K]?: number } {
  const days = daysOf(span);
  return (days === undefined ? {} : { [key]: days }) as { readonly [P in K]?: number };
}
