import type { SourceFile } from '../../model/change.ts';
import type { Resource } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { indexLines } from '../../syntax/lines.ts';
import { entry, get, map } from '../../values/value.ts';
import { keep, lastLineOf, listEntry, secretList, stepEntries } from './steps.ts';

/** An `action.yml`: composite steps, the container image or the script it runs. */
export function readAction(file: SourceFile, root: Value): Resource[] {
  const runs = get(root, 'runs');
  const using = get(runs, 'using');
  const image = get(runs, 'image');
  const values = map(
    [
      ...keep(root, ['name', 'inputs', 'outputs']),
      ...(using ? [entry('runs-using', using, using.line)] : []),
      ...(image ? [entry('image', image, image.line)] : []),
      ...keep(runs ?? root, ['main', 'pre', 'post', 'entrypoint', 'args']),
      ...stepEntries(get(runs, 'steps')),
      ...listEntry('secrets', secretList(runs)),
    ],
    root.line,
  );
  return [
    {
      stack: 'github-actions',
      address: file.path,
      scope: file.path,
      type: 'action',
      name: file.path.split('/').at(-2) ?? 'action',
      file: file.path,
      span: { startLine: 1, endLine: lastLineOf(indexLines(file.text)) },
      values,
      references: [],
    },
  ];
}
