import { latestRuns } from '../actions/rules.ts';
import type { PullRequest } from '../state/nouns.ts';
import { fullName, type World } from '../state/world.ts';
import { badge, escape } from './html.ts';

export function listPage(world: World): string[] {
  const repositories = [...world.repositories.values()].map((repository) => {
    const pulls = world.pullsOf(repository).map((pull) => item(world, pull));
    return [
      `<h2>${escape(fullName(repository))} ${badge(repository.private ? 'private' : 'public')}</h2>`,
      pulls.length === 0 ? '<p class="meta">No pull requests.</p>' : `<ul>${pulls.join('')}</ul>`,
    ];
  });
  return ['<h1>Repositories</h1>', ...repositories.flat()];
}

function item(world: World, pull: PullRequest): string {
  const address = `/${fullName(pull.repository)}/pull/${pull.number}`;
  const runs = latestRuns(world.checkRunsOf(pull.repository, pull.headSha)).map((run) =>
    badge(run.conclusion ?? run.status, `${run.name}: ${run.conclusion ?? run.status}`),
  );
  return `<li><a href="${escape(address)}">#${pull.number} ${escape(pull.title)}</a> ${badge(stateOf(pull))} ${runs.join(' ')}</li>`;
}

export function stateOf(pull: PullRequest): string {
  if (pull.mergedAt !== undefined) return 'merged';
  return pull.state === 'open' && pull.draft ? 'draft' : pull.state;
}
