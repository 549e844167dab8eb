import type { Setting } from '../service/harness.ts';
import * as code from './acts/code.ts';
import * as house from './acts/house.ts';
import * as words from './acts/words.ts';
import type { Theme } from './play.ts';
import type { Random } from './random.ts';
import { note, REPO, type Truth } from './truth.ts';

/** What an act has at hand. */
export interface Stage {
  readonly setting: Setting;
  readonly truth: Truth;
  readonly random: Random;
  readonly theme: Theme;
}

type Act = (stage: Stage) => void;

const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [6, code.openOne],
  [2, code.openFromFork],
  [2, code.openTwin],
  [8, code.pushOn],
  [2, code.layDown],
  [3, code.pointElsewhere],
  [2, code.closeOrReopen],
  [1, code.draftIt],
  [1, code.rewordIt],
  [4, code.mergeIt],
  [2, code.pushPast],
  [3, code.enqueueIt],
  [4, code.settleGroup],
  [12, words.reviewIt],
  [12, words.commandIt],
  [4, words.pressIt],
  [2, words.dismissOne],
  [2, words.editOne],
  [1, words.deleteOne],
  [2, words.tickOne],
  [2, words.rerunIt],
  [3, house.joinOrLeave],
  [2, house.changeRules],
  [2, house.deliverAgain],
];

/** The people and the rules that a schedule has beyond the common scene. */
export function furnish({ gh, app }: Setting): void {
  const { control } = gh;
  control.createUser({ login: 'dave', email: 'dave@example.org' });
  control.setRole({ repo: REPO, login: 'dave', role: 'write' });
  control.setRules({
    repo: REPO,
    requiredChecks: [{ context: 'Threatgate', integrationId: app.id }],
    bypass: ['ada'],
  });
}

/** One thing that somebody does. What GitHub refuses them is refused, and the schedule goes on. */
export function actOf(stage: Stage): void {
  const { setting, truth, random, theme } = stage;
  const acts = ACTS.map(([weight, act]) => [weight * (theme.acts?.[act.name] ?? 1), act] as const);
  let at = random.next() * acts.reduce((sum, [weight]) => sum + weight, 0);
  const [, drawn] = acts.find(([weight]) => (at -= weight) < 0) ?? [0, code.openOne];
  // Most of what people do needs a pull request.
  const act = truth.pulls.length === 0 && random.chance(0.8) ? code.openOne : drawn;
  setting.clock.at += 1_000 + random.below(20_000);
  try {
    act(stage);
  } catch (error) {
    const names = ['Refusal', 'ControlError', 'NothingToPick'];
    if (!(error instanceof Error && names.includes(error.name))) throw error;
  }
  note(setting, truth);
}
