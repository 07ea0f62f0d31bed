import { pipelineTexts } from './promotion/pipeline-texts.ts';
import { promotionTexts } from './promotion/problem-texts.ts';
import { releaseTexts } from './release/problem-texts.ts';

/**
 * Everything that can go wrong for a person, in one place: what happened, why, and what to do. Texts are
 * plain; whoever shows them escapes them for the place they are shown in.
 */
export interface Problem {
  code: string;
  /** What happened, in a few words. */
  what: string;
  why: string;
  /** What to do now, and who can. */
  todo: string;
  /** Slack ids of users and user groups to ask; shown behind `todo`. */
  people?: readonly string[];
}

const texts = {
  ...releaseTexts,
  ...promotionTexts,
  ...pipelineTexts,
  'confirm-missing': () => ({
    what: 'Nothing was started.',
    why: 'Confirm is not ticked.',
    todo: 'Tick confirm, then press Start.',
  }),
  'action-missing': () => ({ what: 'No action is chosen.', why: '', todo: 'Choose what you need to do.' }),
  'project-missing': () => ({ what: 'No project is chosen.', why: '', todo: 'Choose a project, or all.' }),
  'project-unknown': (p: { project: string; nearest: string | null }) => ({
    what: `There is no project "${p.project}".`,
    why: 'The catalogue does not list it.',
    todo: p.nearest ? `Did you mean "${p.nearest}"?` : 'Type `/release`, and choose from the list.',
  }),
  'command-unknown': (p: { word: string; nearest: string | null }) => ({
    what: `"${p.word}" is no /release command.`,
    why: '',
    todo: p.nearest ? `Did you mean \`/release ${p.nearest}\`?` : 'Type `/release help` to see the commands.',
  }),
  'command-too-long': (p: { length: number; limit: number }) => ({
    what: 'Nothing was started.',
    why: `The command is ${p.length} characters long; ${p.limit} are read at most.`,
    todo: 'Type `/release help` to see the commands.',
  }),
  'command-extra': (p: { extra: string; example: string }) => ({
    what: `"${p.extra}" is one word too many.`,
    why: 'An invocation is for one project or for all, never both.',
    todo: `Type \`${p.example}\`, and choose the rest in the modal.`,
  }),
  'status-extra': (p: { extra: string; id: string }) => ({
    what: `"${p.extra}" is one word too many.`,
    why: 'A status is that of one invocation, or of the latest ones.',
    todo: `Type \`/release status ${p.id}\`, or \`/release status\`.`,
  }),
  'role-missing': (p: { role: string; holders: readonly string[] }) => ({
    what: 'Nothing was started.',
    why: `You do not have the role "${p.role}".`,
    todo:
      p.holders.length > 0
        ? 'Ask one of those who have it:'
        : 'Nobody has it: ask whoever keeps the catalogue (release.yml).',
    people: p.holders,
  }),
  'role-unknown': (p: { role: string }) => ({
    what: 'Nothing was started.',
    why: `Slack did not say who is in the user groups of the role "${p.role}", so it is not known whether you have it.`,
    todo: 'Try again in a minute. If it stays, list users for the role in the catalogue (release.yml).',
  }),
  'invocation-unknown': (p: { id: string }) => ({
    what: `There is no invocation "${p.id}".`,
    why: '',
    todo: 'Type `/release status` to see the latest ones.',
  }),
  'already-running': (p: { projects: string; holder: string }) => ({
    what: 'Nothing was started.',
    why: `${p.projects} is still under way in ${p.holder}.`,
    todo: `Wait until it has ended, or look at it with \`/release status ${p.holder}\`.`,
  }),
  'record-unavailable': () => ({
    what: 'It is not recorded, so nothing was started.',
    why: 'The database does not answer.',
    todo: 'Press Start again in a minute. However often you press, it starts once.',
  }),
  'status-unavailable': () => ({
    what: 'The status is not known.',
    why: 'The database does not answer.',
    todo: 'Try again in a minute. What is under way goes on.',
  }),
  'button-unavailable': () => ({
    what: 'That was not done.',
    why: 'The database does not answer.',
    todo: 'Press again in a minute. However often you press, it happens once.',
  }),
  'nothing-to-retry': () => ({
    what: 'There is nothing to retry.',
    why: 'No target of this invocation has failed, or a retry is already under way.',
    todo: 'Look at the message above: it shows where each target stands.',
  }),
  'nothing-to-stop': () => ({
    what: 'There is nothing to stop.',
    why: 'Every target has already started or ended.',
    todo: 'To cancel a pipeline that runs, open it in GitLab.',
  }),
  'gitlab-project-missing': (p: { path: string }) => ({
    what: `GitLab shows no project ${p.path}.`,
    why: 'It does not exist, or the bot’s token may not see it.',
    todo: 'Correct the path in the catalogue, or add the token’s user to the project.',
  }),
  'gitlab-project-archived': (p: { path: string }) => ({
    what: `${p.path} is archived.`,
    why: 'An archived project runs no pipelines.',
    todo: 'Unarchive it in GitLab, or take it out of the catalogue.',
  }),
  'gitlab-pipelines-off': (p: { path: string }) => ({
    what: `CI/CD is off in ${p.path}.`,
    why: 'The project’s settings do not let pipelines run.',
    todo: 'Switch CI/CD on: Settings, General, Visibility, in GitLab.',
  }),
  'gitlab-branch-missing': (p: { path: string; ref: string }) => ({
    what: `${p.path} has no branch "${p.ref}".`,
    why: 'The pipeline runs on that branch.',
    todo: `Create the branch in GitLab, or name another in the catalogue (release-branch).`,
  }),
  'gitlab-branch-hidden': (p: { path: string; ref: string }) => ({
    what: `The bot may not see the branch "${p.ref}" of ${p.path}.`,
    why: 'GitLab does not let its token read the repository.',
    todo: `Ask an owner of ${p.path} to let the token’s user read the repository.`,
  }),
  'gitlab-role-too-low': (p: { path: string; has: string; needs: string }) => ({
    what: `The bot may not start pipelines in ${p.path}.`,
    why: `Its token has the role ${p.has} there; it takes ${p.needs}.`,
    todo: `Ask an owner of ${p.path} to give the token’s user the role ${p.needs}.`,
  }),
  'gitlab-variables-forbidden': (p: { path: string; needs: string }) => ({
    what: `The bot may not set pipeline variables in ${p.path}.`,
    why: `There, variables may be set by: ${p.needs}.`,
    todo: 'Ask a maintainer to lower "Minimum role to use pipeline variables": Settings, CI/CD, Variables, in GitLab.',
  }),
  'gitlab-branch-protected': (p: { path: string; ref: string }) => ({
    what: `The bot may not run pipelines on the protected branch "${p.ref}" of ${p.path}.`,
    why: 'That takes the right to merge or push there.',
    todo: 'Ask a maintainer to allow the token’s user to merge: Settings, Repository, Protected branches, in GitLab.',
  }),
  'gitlab-token-refused': () => ({
    what: 'GitLab refuses the bot’s token.',
    why: 'It has expired, was revoked, or lacks the scope "api".',
    todo: 'Whoever runs gonogo sets a new GITLAB_TOKEN and restarts it.',
  }),
  'gitlab-refused': (p: { status: number; said: string }) => ({
    what: 'GitLab refused to start the pipeline.',
    why: `It answered ${p.status}: ${p.said}`,
    todo: 'Mend that in GitLab, then press Retry failed.',
  }),
  'gitlab-unclear': (p: { path: string; requests: number }) => ({
    what: 'GitLab gave no clear answer.',
    why: `${p.requests} requests ended without one, and no pipeline of this run is to be found in ${p.path}.`,
    todo: 'Look at the project’s pipelines in GitLab; if there is none of this run, press Retry failed.',
  }),
  'gitlab-unreachable': (p: { said: string }) => ({
    what: 'GitLab cannot be reached, so the targets could not be checked.',
    why: p.said,
    todo: 'When GitLab is back, press Check again. Nothing was started.',
  }),
  'gitlab-unread': (p: { said: string }) => ({
    what: 'GitLab could not be read.',
    why: p.said,
    todo: 'Try again when GitLab answers.',
  }),
  'sentry-unread': (p: { said: string }) => ({
    what: 'Sentry could not be read.',
    why: p.said,
    todo: 'Try again when Sentry answers.',
  }),
  'sentry-token-refused': () => ({
    what: 'Sentry refuses the bot’s token.',
    why: 'It has expired, was revoked, or lacks a scope.',
    todo: 'Whoever runs gonogo sets a SENTRY_TOKEN with the scopes org:read and event:read, and restarts it.',
  }),
  'sentry-refused': (p: { project: string; environment: string; said: string }) => ({
    what: `Sentry shows nothing of ${p.project} in ${p.environment}.`,
    why: p.said,
    todo: 'Correct the project or the environment in the catalogue, or let the token see the project.',
  }),
  'sentry-too-much': (p: { project: string; limit: number }) => ({
    what: `Sentry finds more than ${p.limit} issues in ${p.project}.`,
    why: 'So many are not read.',
    todo: 'Make the search in the catalogue narrower, or resolve old issues in Sentry.',
  }),
  'linear-unread': (p: { said: string }) => ({
    what: 'Linear could not be read.',
    why: p.said,
    todo: 'Nothing: it is tried again by itself.',
  }),
  'linear-key-refused': () => ({
    what: 'Linear refuses the bot’s key.',
    why: 'It has expired, was revoked, or may not do this.',
    todo: 'Whoever runs gonogo sets a new LINEAR_API_KEY and restarts it.',
  }),
  'linear-refused': (p: { said: string }) => ({
    what: 'Linear refused a change of the record.',
    why: p.said,
    todo: 'Mend that in Linear; the record is then brought up to date by itself.',
  }),
  'linear-team-missing': (p: { team: string }) => ({
    what: `Linear shows no team "${p.team}".`,
    why: 'It does not exist, or the bot’s key may not see it.',
    todo: 'Correct the team’s key in the catalogue (release.yml), or let the key’s user into the team.',
  }),
  'linear-label-missing': (p: { labels: readonly string[]; team: string }) => ({
    what: `Linear has no label ${p.labels.map((label) => `"${label}"`).join(', ')} for the team ${p.team}.`,
    why: 'The record of a release carries it.',
    todo: 'Make the label in Linear, in the workspace or in the team, or name another in the catalogue.',
  }),
  'aws-unread': (p: { said: string }) => ({
    what: 'AWS could not be read.',
    why: p.said,
    todo: 'Try again when AWS answers.',
  }),
  'aws-refused': (p: { said: string }) => ({
    what: 'AWS refuses to show it.',
    why: p.said,
    todo: 'Whoever runs gonogo gives its role the read-only policy, and looks at its credentials and region.',
  }),
  'aws-too-many-lines': (p: { group: string; limit: number }) => ({
    what: `The log group ${p.group} has more lines than are read.`,
    why: `After ${p.limit} lines or pages in this stretch of time the reading stops, so the count is not known.`,
    todo: 'Name a stream prefix or a shorter time in the catalogue, or look at the logs and accept the signal.',
  }),
  'stopped-unclear': () => ({
    what: 'It was not started.',
    why: 'Stop was pressed before GitLab confirmed a pipeline, and none is to be found.',
    todo: 'Press Retry failed if it is to start after all.',
  }),
  'catalogue-lacks': (p: { project: string }) => ({
    what: `The catalogue does not list ${p.project} any more.`,
    why: 'It was taken out after this invocation was submitted.',
    todo: 'Submit a new invocation.',
  }),
  'slack-refused': (p: { said: string; details: string }) => ({
    what: 'Slack refused a message.',
    why: `It said ${p.said}${p.details ? `: ${p.details}` : ''}`,
    todo: 'Whoever runs gonogo looks into its log; for not_in_channel, invite the bot to the channel.',
  }),
  'pipeline-gone': (p: { said: string }) => ({
    what: 'The pipeline is not to be found in GitLab any more.',
    why: p.said,
    todo: 'Look into the project in GitLab; somebody may have deleted it.',
  }),
  'pipeline-lost': (p: { hours: number }) => ({
    what: 'It is not known how the pipeline ended.',
    why: `It was followed for ${p.hours} hours and had not ended.`,
    todo: 'Look at it in GitLab.',
  }),
} satisfies Record<string, (p: never) => Omit<Problem, 'code'>>;

type Texts = typeof texts;
export type ProblemCode = keyof Texts;

/** The problem `code` with its details filled in. */
export function problem<C extends ProblemCode>(code: C, ...details: Parameters<Texts[C]>): Problem {
  const text = texts[code] as (...args: Parameters<Texts[C]>) => Omit<Problem, 'code'>;
  return { code, ...text(...details) };
}

/** One line for a log or a plain-text answer. */
export function sentenceOf({ what, why, todo }: Problem): string {
  return [what, why, todo].filter(Boolean).join(' ');
}
