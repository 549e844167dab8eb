import { questionById } from '../core/catalogue/questions.ts';
import { code } from '../core/report/escape.ts';
import { exitCode, OUTCOME } from '../core/report/exit-code.ts';
import { renderMarkdown } from '../core/report/markdown.ts';
import { prose } from '../core/report/markdown-parts.ts';
import { renderTerminal } from '../core/report/terminal.ts';
import { judgeMergeGroup } from '../review/afresh/judge-merge-group.ts';
import type { Group } from '../review/merge-group/groups.ts';
import type { Context, Outcome } from './context.ts';
import { hand } from './files.ts';
import { annotate, print } from './log.ts';
import { SUMMARY_BYTES } from './on-pull-request.ts';

/** Proves what the queue would merge. A group that cannot be proved fails, with the reason. */
export async function onMergeGroup(group: Group, { github, ...context }: Context): Promise<Outcome> {
  const branch = group.baseRef.replace(/^refs\/heads\//, '');
  const finding = await judgeMergeGroup(
    group,
    () => github.queueRefs(group.repository, branch),
    context.deps,
  );
  if ('why' in finding)
    return {
      exitCode: OUTCOME.unknown,
      title: `The merge group cannot be proved. ${finding.why}`,
      summary: `## ❌ The merge group cannot be proved\n\n${prose(finding.why)} ${prose(finding.remedy)}\n`,
      missing: [],
    };
  const worst = finding.links.find(({ verdict }) => verdict.conclusion !== 'success') ?? finding.links.at(-1);
  if (!worst) throw new Error('A chain of groups without a group.');
  const { verdict, number } = worst;
  print(renderTerminal(verdict, { columns: 100, colour: false, verbose: false, question: questionById }));
  const links = finding.links.map((l) => ({
    pullRequest: l.number,
    digest: l.verdict.digest,
    conclusion: l.verdict.conclusion,
  }));
  const said = finding.links.flatMap((l) => l.said);
  await hand(verdict, said, { mergeGroup: { ...group, links } }, { github, ...context });
  annotate(verdict);
  const title = finding.passes
    ? `The group is what passed on ${links.map((l) => `#${l.pullRequest}`).join(', ')}`
    : `The group is not what was approved on #${number}: ${verdict.title}`;
  return {
    exitCode: finding.passes ? OUTCOME.pass : exitCode(verdict),
    title,
    summary: `${heading(group, title)}${renderMarkdown(verdict, { question: questionById, most: SUMMARY_BYTES })}`,
    missing: [],
  };
}

const heading = ({ headSha, baseRef }: Group, title: string): string =>
  `**Merge group ${code(headSha.slice(0, 10))} for ${code(baseRef)}.** ${prose(title)}.\n\n`;
