import { latestRuns } from '../actions/rules.ts';
import { anchorNow } from '../state/pulls.ts';
import type { CheckRun } from '../state/checks.ts';
import type { PullRequest, Review, ReviewComment } from '../state/nouns.ts';
import { iso } from '../state/time.ts';
import { fullName, type World } from '../state/world.ts';
import { badge, escape, preformatted, written } from './html.ts';
import { stateOf } from './list.ts';

export function pullPage(world: World, pull: PullRequest): string[] {
  const runs = latestRuns(world.checkRunsOf(pull.repository, pull.headSha));
  return [
    `<p><a href="/">Repositories</a></p>`,
    `<h1>${escape(pull.title)} <span class="meta">${escape(fullName(pull.repository))}#${pull.number}</span></h1>`,
    `<p>${badge(stateOf(pull))} <code>${escape(pull.headRef)}</code> into <code>${escape(pull.baseRef)}</code>`,
    `by ${escape(pull.author.login)}, head <code>${pull.headSha.slice(0, 12)}</code></p>`,
    written(pull.body),
    '<h2>Checks</h2>',
    ...(runs.length === 0 ? ['<p class="meta">None.</p>'] : runs.map(check)),
    '<h2>Conversation</h2>',
    ...conversation(world, pull),
  ];
}

function check(run: CheckRun): string {
  const annotations = run.annotations.map(
    (each) =>
      `<li>${badge(each.annotation_level)} <code>${escape(each.path)}:${each.start_line}</code> <b>${escape(each.title ?? '')}</b>${written(each.message)}</li>`,
  );
  const buttons = run.actions.map(
    (action) => `${badge('button', action.label)} ${escape(action.description)}`,
  );
  return [
    '<article>',
    `<h3>${escape(run.name)} ${badge(run.conclusion ?? run.status)} ${escape(run.title ?? '')}</h3>`,
    `<p class="meta">by ${escape(run.suite.app.name)}</p>`,
    written(run.summary),
    run.text === undefined ? '' : `<details><summary>Details</summary>${written(run.text)}</details>`,
    buttons.length === 0 ? '' : `<p>${buttons.join('<br>')}</p>`,
    annotations.length === 0 ? '' : `<ul>${annotations.join('')}</ul>`,
    '</article>',
  ].join('\n');
}

function conversation(world: World, pull: PullRequest): string[] {
  const comments = world
    .issueCommentsOf(pull)
    .filter((comment) => comment.deletedAt === undefined)
    .map((comment) => ({
      at: comment.createdAt,
      id: comment.id,
      html: `<article><p class="meta">${said(comment.author.login, comment.createdAt, comment.lastEditedAt)}</p>${written(comment.body)}</article>`,
    }));
  const reviews = world
    .reviewsOf(pull)
    .filter((review) => review.state !== 'PENDING')
    .map((review) => ({ at: review.createdAt, id: review.id, html: reviewBlock(world, review) }));
  const all = [...comments, ...reviews].sort((a, b) => a.at - b.at || a.id - b.id);
  return all.length === 0 ? ['<p class="meta">Nothing was said.</p>'] : all.map((each) => each.html);
}

function said(login: string, at: number, edited: number | undefined): string {
  return `${escape(login)}, ${iso(at)}${edited === undefined ? '' : ` (edited ${iso(edited)})`}`;
}

function reviewBlock(world: World, review: Review): string {
  const comments = world
    .reviewCommentsOf(review.pull)
    .filter((comment) => comment.review.id === review.id && comment.deletedAt === undefined)
    .map(commentBlock);
  const who = said(review.author.login, review.createdAt, review.lastEditedAt);
  return `<article><p class="meta">${who} ${badge(review.state, review.state.toLowerCase())}</p>${written(review.body)}${comments.join('')}</article>`;
}

function commentBlock(comment: ReviewComment): string {
  const { anchor } = comment;
  const outdated = anchorNow(comment.pull, comment.commit, anchor) === undefined ? badge('outdated') : '';
  const line = anchor.hunk.split('\n').at(-1) ?? '';
  const where = anchor.line === undefined ? anchor.path : `${anchor.path}:${anchor.line}`;
  return [
    `<article><p class="meta">${said(comment.author.login, comment.createdAt, comment.lastEditedAt)}`,
    `on <code>${escape(where)}</code> ${comment.replyTo ? badge('reply') : ''} ${outdated}</p>`,
    line === '' || comment.replyTo ? '' : `<div class="code">${preformatted(line)}</div>`,
    written(comment.body),
    '</article>',
  ].join('\n');
}
