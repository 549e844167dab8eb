import { aboutRepository } from '../github/about-repository.ts';
import { sentAnnotations } from '../github/annotations.ts';
import type { Client } from '../github/client.ts';
import { hostingOf } from '../github/hosting.ts';
import { createMemory } from '../github/memory.ts';
import { branchActivity, checkRunsOf, mergedSince } from '../github/remembered.ts';
import type { Past, Sighting } from './past.ts';
import { sightingOf } from './sighting.ts';

/** Kept answers, in bytes: only policies are read of the contents. */
const MEMORY = 16 * 1024 * 1024;

/**
 * The past of repositories under our App. A check run is its word when GitHub names the App, by its number, as who made it:
 * nobody else can make or alter one in its name.
 */
export function appPast(client: Client, appId: number): Past {
  let bot = '';
  const hosting = hostingOf(client, {
    check: { appId, name: '' },
    memory: createMemory(MEMORY),
    sent: sentAnnotations(),
    // What the App is called is told by the first check run of it that is seen.
    self: () => Promise.resolve({ login: bot }),
  });
  return {
    gate: `the App ${appId}`,
    hosting,
    about: (name) => aboutRepository(client, name),
    merged: (repository, from) => mergedSince(client, repository, from),
    activity: (repository, branch) => branchActivity(client, repository, branch),
    sightings: async ({ repository }, commits) => {
      const found: Sighting[] = [];
      const before = bot;
      for (const commit of commits)
        for (const run of await checkRunsOf(client, repository, commit, { id: appId })) {
          if (run.app && run.app.slug !== '') bot = `${run.app.slug}[bot]`;
          const sighting = sightingOf(run, repository.id);
          if (sighting) found.push(sighting);
        }
      return { found, learned: bot !== before };
    },
    missing: [
      'Ticks and buttons: GitHub does not remember who used them.',
      'What a check run said before it was written over: of each commit the last verdict is left.',
      'Pull requests that were closed without a merge, rules that changed, outages, and when the App came and went.',
      'Who was an approver then: a decision counts where a verdict of the App says that it rested on it.',
    ],
  };
}
