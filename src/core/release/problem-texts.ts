/** What can go wrong for a person with the validation of a release; part of the catalogue in `core/problem.ts`. */
export const releaseTexts = {
  'release-unknown': (p: { id: string; nearest: string | null }) => ({
    what: `There is no release "${p.id}" in validation.`,
    why: '',
    todo: p.nearest
      ? `Did you mean "${p.nearest}"?`
      : 'Type `/release validate` to open one, or `/release status` to see the latest.',
  }),
  'release-none': () => ({
    what: 'No release is in validation yet.',
    why: '',
    todo: 'Type `/release validate` to open one.',
  }),
  'release-extra': (p: { extra: string; example: string }) => ({
    what: `"${p.extra}" is one word too many.`,
    why: 'It is about one release, named in one word.',
    todo: `Type \`${p.example}\`.`,
  }),
  'release-name-wrong': (p: { name: string }) => ({
    what: `"${p.name}" is no name for a release.`,
    why: 'Letters, digits, dots and dashes, 40 at most, beginning with a letter or digit.',
    todo: 'Write, for example: 2026.47',
  }),
  'validation-off': () => ({
    what: 'There is nothing to validate.',
    why: 'The catalogue (release.yml) has no section "phases".',
    todo: 'Ask whoever keeps the catalogue to add it; examples/betterfleet-manage shows one.',
  }),
  'pass-current': () => ({
    what: 'There is no next pass to start.',
    why: 'Nothing newer was deployed since this pass began.',
    todo: 'Press Re-check instead.',
  }),
  'pass-over': () => ({
    what: 'This form belongs to an earlier pass.',
    why: 'Something newer was deployed, and the next pass has begun.',
    todo: 'Look again, then answer it in the checklist.',
  }),
  'nothing-to-recheck': () => ({
    what: 'There is nothing to re-check.',
    why: 'No automated gate has failed, or all of them are under way.',
    todo: 'Wait for those under way, or open the checklist for what people answer.',
  }),
  'gate-unknown': (p: { gate: string }) => ({
    what: `This release has no check "${p.gate}".`,
    why: 'What was pressed belongs to another release, or to an older message.',
    todo: 'Open the checklist again from the release’s message.',
  }),
  'candidate-pending': () => ({
    what: 'It cannot be answered yet.',
    why: 'It is still being found out what should be running.',
    todo: 'Try again in a moment.',
  }),
  'outcome-missing': () => ({ what: 'No outcome is chosen.', why: '', todo: 'Choose one.' }),
  'note-missing': (p: { wants: string }) => ({
    what: 'A note is missing.',
    why: '',
    todo: `Write ${p.wants}.`,
  }),
  'link-wrong': () => ({
    what: 'This is no web address.',
    why: '',
    todo: 'Write one that begins with https://, or leave it empty.',
  }),
  'link-secret': () => ({
    what: 'The link holds a secret.',
    why: 'It would be kept for ever and shown to everybody.',
    todo: 'Paste an address without it, and have the secret replaced.',
  }),
  'link-long': (p: { most: number }) => ({
    what: 'The link is too long.',
    why: `Slack shows ${p.most} characters at most.`,
    todo: 'Paste a shorter one.',
  }),
  'handling-missing': () => ({ what: 'Nothing is chosen.', why: '', todo: 'Choose what is to happen.' }),
  'workspace-empty': () => ({
    what: 'The workspace or the depot is missing.',
    why: '',
    todo: 'Write the names of both.',
  }),
  'workspace-missing': () => ({
    what: 'The workspace and depot are not recorded yet.',
    why: 'A smoke check counts for the workspace and depot that it was run against.',
    todo: 'Press "Set workspace and depot" at the top of the checklist first.',
  }),
  'workspace-reserved': (p: { workspace: string }) => ({
    what: `The workspace "${p.workspace}" is reserved for something else.`,
    why: 'The catalogue lists it as reserved.',
    todo: 'Use the smoke-test workspace, or write who of the release owners approved it.',
  }),
  'answered-meanwhile': (p: { by: string; outcome: string }) => ({
    what: `It was answered "${p.outcome}" meanwhile.`,
    why: 'Your form was opened before.',
    todo: 'Look at that answer; submit again to replace it with yours.',
    people: [p.by],
  }),
  'blocker-gone': () => ({
    what: 'This blocker is not there any more.',
    why: 'It was mended, handled or found again with other values.',
    todo: 'Open "What blocks" again.',
  }),
  'handling-wrong': (p: { as: string }) => ({
    what: `This blocker cannot be ${p.as}.`,
    why: 'Only merge requests are excluded, and only signals of monitoring are accepted.',
    todo: 'Mend it, have it tracked, or ask for a waiver.',
  }),
  'reason-missing': () => ({
    what: 'The reason is missing.',
    why: '',
    todo: 'Write in a sentence why the release may go on without it.',
  }),
  'tracking-missing': () => ({
    what: 'The link is missing.',
    why: 'A blocker is tracked somewhere.',
    todo: 'Paste the address of the issue, incident or merge request that follows it.',
  }),
  'waiver-expiry': (p: { days: number }) => ({
    what: 'A waiver needs an end.',
    why: `It lies in the future, ${p.days} days away at the most.`,
    todo: 'Choose a day.',
  }),
  'waiver-unknown': () => ({
    what: 'This waiver is not waiting any more.',
    why: 'It was answered already, or belongs to an earlier pass.',
    todo: 'Open "What blocks" to see what is left.',
  }),
  'waiver-own': () => ({
    what: 'A waiver needs a second person.',
    why: 'You asked for this one yourself.',
    todo: 'Ask somebody else with the role to confirm it.',
  }),
  'approval-unknown': () => ({
    what: 'This approval is not part of the release.',
    why: '',
    todo: 'Press Approve in the release’s message.',
  }),
  'approval-early': () => ({
    what: 'It cannot be approved yet.',
    why: 'Something is still open or stands against a GO.',
    todo: 'Approve when the message asks for it.',
  }),
  'approval-stale': () => ({
    what: 'What you saw has changed meanwhile.',
    why: 'An approval is for exactly what was shown.',
    todo: 'Look at the release’s message again, then press Approve.',
  }),
  'approval-twice': () => ({
    what: 'You have approved this release already.',
    why: 'Each approval comes from a person of its own.',
    todo: 'Ask another person with the role.',
  }),
  'branch-missing': (p: { path: string; ref: string }) => ({
    what: `${p.path} has no branch "${p.ref}".`,
    why: 'The head of that branch is what should be running.',
    todo: 'Cut the release off first, or correct release-branch in the catalogue. It is looked for again by itself.',
  }),
  'deployment-running': (p: { path: string; environment: string }) => ({
    what: `${p.path} is being deployed to ${p.environment} right now.`,
    why: 'What runs there is known when the deployment has ended.',
    todo: 'Nothing to do: it goes on by itself.',
  }),
  'linear-unwritten': (p: { said: string }) => ({
    what: 'The record in Linear could not be written.',
    why: p.said,
    todo: 'Nothing: it is tried again by itself.',
  }),
  'linear-unset': () => ({
    what: 'The record cannot be kept.',
    why: 'No Linear is configured: LINEAR_API_KEY is not set.',
    todo: 'Whoever runs gonogo sets it and restarts it.',
  }),
  'sentry-unset': () => ({
    what: 'Sentry could not be read.',
    why: 'No Sentry is configured: SENTRY_TOKEN and SENTRY_ORGANIZATION are not set.',
    todo: 'Whoever runs gonogo sets them and restarts it.',
  }),
  'release-unread': () => ({
    what: 'The release could not be read or recorded.',
    why: 'The database does not answer.',
    todo: 'Try again in a minute. Nothing of it is lost or done twice.',
  }),
};
