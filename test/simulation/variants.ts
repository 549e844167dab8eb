/**
 * Services that are broken on purpose: around a port of the real one, somebody forgets, lies or is careless. A simulation
 * that does not find out about each of them would find out about nothing.
 */
import type { Account } from '../../src/core/model/account.ts';
import { LeaseLost, type Lease, type Store } from '../../src/review/store.ts';
import type { AppHosting, Hosting, PullRequestState } from '../../src/review/hosting.ts';
import type { Signal } from '../../src/review/work.ts';
import type { Theme, Variant } from './play.ts';

const withState =
  (change: (state: PullRequestState) => PullRequestState): NonNullable<Variant['hosting']> =>
  (app) =>
    withHosting((hosting) => ({
      pullRequest: async (...asked) => {
        const state = await hosting.pullRequest(...asked);
        return state && change(state);
      },
    }))(app);

const withHosting =
  (change: (hosting: Hosting) => Partial<Hosting>): NonNullable<Variant['hosting']> =>
  (app: AppHosting) => ({
    ...app,
    installation: (id) => {
      const hosting = app.installation(id);
      return { ...hosting, ...change(hosting) };
    },
  });

/** Whoever once had a lease goes on in the name of whoever has it now. */
function careless(store: Store): Store {
  const holders = new Map<string, Lease>();
  const now = (lease: Lease): Lease => holders.get(lease.key) ?? lease;
  const forgive = async <T>(act: (lease: Lease) => Promise<T>, lease: Lease, otherwise: T): Promise<T> => {
    try {
      return await act(now(lease));
    } catch (error) {
      if (error instanceof LeaseLost) return otherwise;
      throw error;
    }
  };
  return {
    ...store,
    apply: (lease, changes, at) => forgive((l) => store.apply(l, changes, at), lease, []),
    queue: {
      ...store.queue,
      claim: async (...asked) => {
        const lease = await store.queue.claim(...asked);
        if (lease) holders.set(lease.key, lease);
        return lease;
      },
      renew: (lease, at, until) => forgive((l) => store.queue.renew(l, at, until), lease, undefined),
    },
  };
}

/** The store without something that it was told. */
const forgetful = (forget: (store: Store) => Partial<Store>) => (store: Store) => ({
  ...store,
  ...forget(store),
});

/** Pull requests are opened and talked about, and not much else happens to them. */
const TALK = {
  openFromFork: 0,
  openTwin: 0,
  layDown: 0,
  pointElsewhere: 0,
  closeOrReopen: 0,
  mergeIt: 0,
  enqueueIt: 0,
  changeRules: 0,
  joinOrLeave: 0,
  pressIt: 0,
};

const NOBODY: Account = { id: '1', login: 'nobody', kind: 'user' };

const byNobody = (signal: Signal): Signal =>
  signal.kind === 'pushed' || signal.kind === 'branch-moved' ? { ...signal, by: NOBODY } : signal;

const LONG_AGO = '2026-01-01T00:00:00.000Z';

/** Each with what brings it to light soon. */
export const VARIANTS: Readonly<Record<string, Variant & { readonly theme?: Theme }>> = {
  'applies steps whose lease was lost': { store: careless, theme: { holdUps: 0.05 } },
  'forgets that a check run was begun': {
    store: forgetful((store) => ({
      checks: async (...asked) => (await store.checks(...asked)).filter((row) => row.run !== undefined),
    })),
    theme: { loss: 0.2 },
  },
  'forgets that a review was begun': {
    store: forgetful((store) => ({
      comments: async (...asked) =>
        (await store.comments(...asked)).filter((row) => row.comment !== undefined),
    })),
  },
  'looks for what it may have created before GitHub shows it': {
    store: forgetful((store) => ({
      checks: async (...asked) =>
        (await store.checks(...asked)).map((row) => ({
          ...row,
          ...(row.intent ? { intent: LONG_AGO } : {}),
        })),
    })),
    theme: { loss: 0.3, lag: 0.6 },
  },
  'forgets what was dealt with': {
    store: forgetful((store) => ({
      apply: (lease, changes, now) => store.apply(lease, { ...changes, handled: [] }, now),
    })),
  },
  'acknowledges deliveries that it does not keep': {
    store: forgetful((store) => {
      let count = 0;
      return {
        accept: (deliveries, now) =>
          ++count % 5 === 0
            ? Promise.resolve(deliveries.map(() => 'new' as const))
            : store.accept(deliveries, now),
      };
    }),
  },
  'keeps deliveries without what they say': {
    store: forgetful((store) => ({
      accept: (deliveries, now) =>
        store.accept(
          deliveries.map((d) => ({ ...d, signals: [] })),
          now,
        ),
    })),
  },
  'forgets whom to look at as well': {
    store: forgetful((store) => ({
      apply: (lease, changes, now) => store.apply(lease, { ...changes, want: [] }, now),
    })),
  },
  'takes everybody for a member': {
    hosting: (app) =>
      withHosting((hosting) => ({
        isMember: () => Promise.resolve(true),
        pullRequest: async (...asked) => {
          const state = await hosting.pullRequest(...asked);
          return state && { ...state, teams: new Map() };
        },
      }))(app),
    theme: { acts: TALK, changes: ['covered'], speakers: ['dave', 'eve'] },
  },
  'does not know who wrote and pushed': {
    hosting: withHosting((hosting) => ({
      pusherOf: () => Promise.resolve(NOBODY),
      pullRequest: async (...asked) => {
        const state = await hosting.pullRequest(...asked);
        return state && { ...state, commits: state.commits.map((c) => ({ ...c, people: [] })) };
      },
    })),
    store: forgetful((store) => ({
      accept: (deliveries, now) =>
        store.accept(
          deliveries.map((d) => ({ ...d, signals: d.signals.map(byNobody) })),
          now,
        ),
    })),
    theme: {
      acts: { ...TALK, commandIt: 0.3 },
      changes: ['covered'],
      speakers: ['alice'],
      pushers: ['alice'],
    },
  },
  'compares with the head itself': {
    hosting: withHosting((hosting) => ({
      mergeBase: (state) => Promise.resolve(state.head),
      pullRequest: async (...asked) => {
        const state = await hosting.pullRequest(...asked);
        return state && { ...state, changedFiles: 0 };
      },
    })),
  },
  'takes words for their author’s although they were edited': {
    hosting: withState((state) => ({
      ...state,
      remarks: state.remarks.map((r) => ({ ...r, edited: false })),
    })),
    theme: {
      acts: { ...TALK, openOne: 0.3, pushOn: 0.3, commandIt: 0.3, editOne: 4, reviewIt: 0 },
      changes: ['covered'],
      speakers: ['alice'],
      pushers: ['bob'],
    },
  },
  'does not hear that a review was dismissed': {
    hosting: withState((state) => ({
      ...state,
      reviews: state.reviews.map((r) => (r.state === 'dismissed' ? { ...r, state: 'approved' } : r)),
    })),
    theme: {
      acts: { ...TALK, openOne: 0.3, pushOn: 0.3, commandIt: 0, reviewIt: 0.5, dismissOne: 6 },
      changes: ['covered'],
      speakers: ['alice'],
      pushers: ['bob'],
    },
  },
  'sees no policy': {
    hosting: withState((state) => ({ ...state, policy: { kind: 'absent' } })),
  },
  'sees every pull request as it was first': {
    hosting: (app) => {
      const seen = new Map<number, PullRequestState>();
      return withHosting((hosting) => ({
        pullRequest: async (...asked) => {
          const state = seen.get(asked[1]) ?? (await hosting.pullRequest(...asked));
          if (state) seen.set(state.number, state);
          return state;
        },
      }))(app);
    },
  },
  'believes that what it wrote is there': {
    hosting: withHosting(() => ({
      updateCheck: (_, id) => Promise.resolve({ id, at: LONG_AGO }),
    })),
  },
};
