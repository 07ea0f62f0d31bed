/** What can go wrong for a pipeline that talks to the bot; part of the catalogue in `core/problem.ts`. */
export const pipelineTexts = {
  'api-off': () => ({
    what: 'The bot answers no pipeline.',
    why: 'Its GONOGO_API_TOKEN is not set.',
    todo: 'Whoever runs gonogo sets a GONOGO_API_TOKEN of at least 16 characters and restarts it.',
  }),
  'api-token-wrong': () => ({
    what: 'The token is not the bot’s.',
    why: 'GONOGO_API_TOKEN is missing here or differs from the one that the bot was started with.',
    todo: 'Set it as a masked and protected CI/CD variable in GitLab; whoever runs gonogo has it.',
  }),
  'request-wrong': (p: { said: string }) => ({
    what: 'The request cannot be read.',
    why: p.said.slice(0, 500),
    todo: 'Use the gonogo command of the same version as the bot.',
  }),
  'applied-at-missing': () => ({
    what: 'It is not known when the apply began.',
    why: 'Without that an old deployment could be taken for the new one.',
    todo: 'Give --applied-at, or take a snapshot before the apply: gonogo validate --before.',
  }),
  'applied-at-wrong': (p: { at: string; days: number }) => ({
    what: `The apply cannot have begun at ${p.at.slice(0, 40)}.`,
    why: `That lies in the future, or more than ${p.days} days back.`,
    todo: 'Give the time at which terraform apply began: --applied-at 2026-11-21T12:00:00Z',
  }),
  'bot-silent': (p: { said: string }) => ({
    what: 'The bot did not answer.',
    why: p.said,
    todo: 'Look whether it runs and whether GONOGO_URL is right, then run this job again.',
  }),
  'verdict-late': (p: { minutes: number; said: string }) => ({
    what: `There is no decision after ${p.minutes} min.`,
    why: p.said,
    todo: 'Look at the service in ECS; run this job again, or give it a longer --timeout.',
  }),
};
