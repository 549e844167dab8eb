import { z } from 'zod';
import { CATEGORIES } from '../model/fact.ts';
import { DAYS, DAYS_OR_NEVER } from './spans.ts';

/**
 * The policy file as teams write it. Strict: a key that is not here is an error. Defaults and descriptions live here
 * and nowhere else; the reference page and the JSON schema are made from them.
 */
const glob = z.string().min(1, 'A glob must not be empty');
const globs = z.array(glob).max(500, 'At most 500 globs');
const words = z.array(z.string().min(1, 'An entry must not be empty')).max(500, 'At most 500 entries');
const reason = z.string().min(1, 'A reason must not be empty').max(1000, 'At most 1000 characters');
const span = z.string().regex(DAYS, 'Write a number of days, such as 90d, from 1d to 3650d');
const spanOrNever = z
  .string()
  .regex(DAYS_OR_NEVER, 'Write a number of days, such as 90d, from 1d to 3650d, or never');
const weight = z.enum(['error', 'warning', 'off']);

const model = z.strictObject({
  require: z
    .enum(['touched', 'updated', 'covered'])
    .default('covered')
    .describe(
      'What a relevant change must carry. `touched`: a model file changed. `updated`: the meaning of the model changed. `covered`: the model has an element about every fact that demands one, and what is new is new in the model.',
    ),
  paths: globs
    .default([])
    .describe('Globs of model files, in addition to the places where every format is looked for.'),
  ignore: globs
    .default([])
    .describe('Globs of files that look like a model but are not one, such as templates.'),
});

const matching = z.strictObject({
  names: z
    .boolean()
    .default(true)
    .describe(
      'Whether an element may match a resource by likeness of their names when nothing else connects them.',
    ),
  threshold: z
    .number()
    .min(0.5, 'The threshold must be at least 0.5: below that, every second name is alike')
    .max(1, 'The threshold must be at most 1: no two names are more alike than equal')
    .default(0.8)
    .describe('Least likeness, 0.5 to 1, for a match by name.'),
  map: z
    .array(
      z.strictObject({
        resource: glob.describe('Address of the resource; `*` and `?` stand for other characters.'),
        element: z
          .string()
          .min(1, 'The name of an element must not be empty')
          .max(300, 'At most 300 characters')
          .describe('Name or id of the model element that is about it.'),
      }),
    )
    .max(500, 'At most 500 entries')
    .default([])
    .describe('Which element is about which resource, where names do not tell.'),
});

const except = z
  .array(
    z.strictObject({
      resource: glob.describe('Address of the resource; `*` and `?` stand for other characters.'),
      reason: reason.describe('Why the model need not mention it; shown wherever the exception is used.'),
    }),
  )
  .max(500, 'At most 500 entries')
  .default([])
  .describe('Resources that the model need not cover.');

const pathRules = z
  .array(
    z.strictObject({
      id: z
        .string()
        .min(1, 'A rule needs an id')
        .max(60, 'At most 60 characters')
        .describe('Short name of the rule in lower case, such as `payment-code`.'),
      paths: globs.min(1, 'A rule needs at least one glob').describe('Globs of the files that matter.'),
      categories: z
        .array(z.enum(CATEGORIES))
        .min(1, 'A rule needs at least one category')
        .describe('What a change there is about.'),
      reason: reason.describe('Why these files matter; shown to the author of the change.'),
    }),
  )
  .max(200, 'At most 200 rules')
  .default([])
  .describe('Rules of your own: a change of these files is relevant.');

const questions = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether STRIDE questions are asked.'),
  max_per_component: z
    .int()
    .min(1, 'At least 1 question; to ask none, use enabled: false')
    .max(20, 'At most 20 questions')
    .default(6)
    .describe('Most questions asked about one component, the most severe first.'),
  exclude: words.default([]).describe('Ids of questions that are never asked.'),
  answers: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe(
      '`required`: the change waits until every question that is asked has an answer. `optional`: answers are recorded and shown.',
    ),
});

const approval = z
  .strictObject({
    required: z
      .boolean()
      .optional()
      .describe(
        'Whether a relevant change needs the approval of somebody independent. Without it: yes, as soon as approvers are named.',
      ),
    users: words.default([]).describe('Logins of people who may approve.'),
    teams: words.default([]).describe('Teams whose members may approve, as `organisation/team`.'),
    solo: z
      .boolean()
      .default(false)
      .describe('One-person repositories: the author may approve, and the record says that nobody else did.'),
  })
  .transform((a) => ({ ...a, required: a.required ?? (a.users.length + a.teams.length > 0 || a.solo) }));

const emergency = z.strictObject({
  users: words
    .default([])
    .describe('Logins of people who, besides the approvers, may let a change through in an emergency.'),
  teams: words.default([]).describe('Teams whose members may do so as well, as `organisation/team`.'),
  review_within_days: z
    .int()
    .min(1, 'At least 1 day')
    .max(90, 'At most 90 days')
    .default(5)
    .describe('Within how many days somebody independent reviews afterwards what was let through.'),
});

const review = z.strictObject({
  every: spanOrNever
    .default('never')
    .describe(
      'How long after the last review the threat model is due to be reviewed again, such as `90d`; `never` for no schedule. The time begins when the App is installed.',
    ),
  owners: words
    .default([])
    .describe('Who sees to reviews: logins, and teams as `organisation/team`. They are named, and assigned.'),
  grace: span
    .default('14d')
    .describe('How long there is for a review from when it was opened, where nobody named a day.'),
  bypassed: spanOrNever
    .default('5d')
    .describe(
      'Within what time a change is reviewed that came in past the gate, by a merge or by a push. Only where the rules are enforced.',
    ),
  open_issues: z
    .boolean()
    .default(false)
    .describe(
      'Whether an issue is opened for each review. The App needs `issues: write` for it, which it does not ask for by itself; without it reviews are on record all the same.',
    ),
  incident_label: z
    .string()
    .min(1, 'A label must not be empty')
    .max(50, 'At most 50 characters')
    .default('threatgate:incident')
    .describe('Label that makes an issue an incident after which the threat model is reviewed.'),
});

const quality = z.strictObject({
  TM001: weight.default('error').describe('The model was not updated for a relevant change.'),
  TM002: weight.default('error').describe('A threat has no likelihood, impact or rating.'),
  TM003: weight
    .default('error')
    .describe('A threat has no mitigation, or a planned one without ticket and date.'),
  TM004: weight.default('error').describe('Nobody independent approved the final content.'),
  TM005: weight.default('warning').describe('A threat has no owner.'),
  TM006: weight
    .default('warning')
    .describe('The wording is vague, or text of a template or demo was left in.'),
  TM007: weight.default('warning').describe('All threats are rated or treated alike.'),
  TM008: weight.default('error').describe('A risk is accepted without justification, owner and expiry.'),
});

const linked = z.strictObject({
  repositories: words
    .default([])
    .describe('Repositories whose pull requests may carry the model change, as `owner/name`.'),
  must_be_merged: z
    .boolean()
    .default(false)
    .describe('Whether the linked pull request must be merged; otherwise open is enough.'),
});

const limits = z.strictObject({
  file_bytes: z
    .int()
    .min(10_000, 'At least 10000 bytes')
    .max(4_000_000, 'At most 4000000 bytes')
    .default(1_000_000)
    .describe('Larger files are not read, and said to be unread.'),
});

const shape = {
  version: z.literal(1).default(1).describe('Version of this format.'),
  mode: z
    .enum(['observe', 'enforce'])
    .default('observe')
    .describe('`observe` reports and blocks nothing; `enforce` blocks.'),
  model: model.prefault({}).describe('The threat model and what is asked of it.'),
  architecture: globs
    .default([])
    .describe('Globs of files that must be readable: one that is not is a doubt, and a doubt never passes.'),
  unreadable: z
    .enum(['doubt', 'note'])
    .default('note')
    .describe(
      'What an unreadable file outside `architecture` is: `doubt` withholds a pass, `note` is only shown.',
    ),
  ignore: globs
    .default([])
    .describe(
      'Globs of files that are not classified, in addition to the default ones. They are listed in the verdict, not hidden.',
    ),
  ignore_defaults: z
    .boolean()
    .default(true)
    .describe('Whether the usual places of tests, vendored code and examples in documentation are ignored.'),
  categories: z
    .array(z.enum(CATEGORIES))
    .min(1, 'At least one category must demand coverage')
    .default([...CATEGORIES])
    .describe('Facts of these categories demand coverage by the model; others are only shown.'),
  except,
  matching: matching.prefault({}).describe('How resources and model elements are brought together.'),
  path_rules: pathRules,
  questions: questions.prefault({}).describe('The STRIDE checklist.'),
  approval: approval.prefault({}).describe('Who must say yes.'),
  emergency: emergency.prefault({}).describe('Who may let a change through when it cannot wait.'),
  review: review.prefault({}).describe('When the threat model is reviewed again, and by whom.'),
  quality: quality
    .prefault({})
    .describe('Rules for what the model says about the change, each `error`, `warning` or `off`.'),
  linked: linked.prefault({}).describe('Models that are kept in other repositories.'),
  auditors: words
    .default([])
    .describe(
      'Logins of people who may look at the audit trail of the repository, although they cannot read it on GitHub.',
    ),
  limits: limits.prefault({}).describe('Bounds on what is read.'),
};

export const policySchema = z.strictObject(shape);

/** The organisation's file: the same, and the keys that repositories cannot weaken. */
export const organisationSchema = z.strictObject({
  ...shape,
  locked: words
    .default([])
    .describe('Dotted keys that a repository can make stricter but not weaker, such as `approval.required`.'),
});

/** As written, before defaults. */
export type WrittenPolicy = z.input<typeof policySchema>;
/** With every default filled in. */
export type CompletePolicy = z.output<typeof policySchema>;
