import type { Classification } from '../classify.ts';
import type { Change, ChangedFile } from '../model/change.ts';
import type { Policy } from '../model/policy.ts';
import type { ThreatModel } from '../model/threat-model.ts';
import type { Examined } from '../model/verdict.ts';
import { selectionOf } from '../selection.ts';

/** What was looked at and by whom, so that "nothing found" is an explained answer. */
export function examine(
  change: Change,
  code: Classification,
  models: readonly ThreatModel[],
  policy: Policy,
): Examined {
  const selection = selectionOf(policy);
  const isModel = new Set(models.map((m) => m.file));
  const outcome = (f: ChangedFile): Examined['files'][number]['outcome'] => {
    if (isModel.has(f.path)) return 'model';
    if (selection.isGovernance(f.path)) return 'policy';
    if (selection.isIgnored(f.path)) return 'ignored';
    if (f.head?.kind === 'unreadable') return 'unreadable';
    return code.head.readBy.has(f.path) || code.base.readBy.has(f.path) ? 'read' : 'not-read';
  };
  return {
    files: change.files.map((f) => {
      const reader = code.head.readBy.get(f.path) ?? code.base.readBy.get(f.path);
      return { path: f.path, ...(reader ? { reader } : {}), outcome: outcome(f) };
    }),
    resources: { base: code.base.resources.length, head: code.head.resources.length },
    models: models.map((m) => ({
      file: m.file,
      format: m.format,
      components: m.components.length,
      flows: m.flows.length,
      threats: m.threats.length,
    })),
  };
}
