/** What can go wrong for a person with the validation of a deployment; part of the catalogue in `core/problem.ts`. */
export const promotionTexts = {
  'commit-wrong': (p: { commit: string }) => ({
    what: `"${p.commit.slice(0, 80)}" is no full commit.`,
    why: 'A part of it could mean another commit too.',
    todo: 'Give all of its 40 hexadecimal digits; in a pipeline that is $CI_COMMIT_SHA.',
  }),
  'service-unknown': (p: { service: string; nearest: string | null }) => ({
    what: `There is no service "${p.service}".`,
    why: 'The catalogue (release.yml) does not list it under services.',
    todo: p.nearest ? `Did you mean "${p.nearest}"?` : 'Ask whoever keeps the catalogue to add it.',
  }),
  'region-unknown': (p: { service: string; region: string; nearest?: string | null }) => ({
    what: `${p.service} has no region "${p.region}".`,
    why: 'The catalogue (release.yml) does not list it for this service.',
    todo: p.nearest ? `Did you mean "${p.nearest}"?` : 'Use one of its regions, or add it to the catalogue.',
  }),
  'service-extra': (p: { extra: string; example: string }) => ({
    what: `"${p.extra}" is one word too many.`,
    why: 'It is about one service, in one region or in all of them.',
    todo: `Type \`${p.example}\`.`,
  }),
  'promotion-unknown': (p: { id: string }) => ({
    what: `There is no deployment "${p.id}".`,
    why: 'What was pressed belongs to another catalogue, or to an older message.',
    todo: 'Type `/release validate` and the service to see its latest deployment.',
  }),
  'promotion-unread': () => ({
    what: 'The deployment could not be read or recorded.',
    why: 'The database does not answer.',
    todo: 'Try again in a minute. Nothing of it is lost or done twice.',
  }),
  'hold-gone': () => ({
    what: 'There is nothing to let through.',
    why: 'It does not stand against a GO any more, or it is being looked at.',
    todo: 'Look at the message of the deployment: it shows where the region stands.',
  }),
  'rollout-waiver-unknown': () => ({
    what: 'This waiver is not waiting any more.',
    why: 'It was answered already, has ended, or belongs to an earlier deployment.',
    todo: 'If it is still needed, press Ask for a waiver again.',
  }),
  'hold-missing': () => ({ what: 'Nothing is chosen.', why: '', todo: 'Choose what is to be let through.' }),
  'rollout-none': (p: { service: string; region: string }) => ({
    what: `Nothing was validated for ${p.service} in ${p.region} yet.`,
    why: 'GitLab shows no deployment there that succeeded.',
    todo: 'Deploy it; its validation starts by itself.',
  }),
  'rollout-over': () => ({
    what: 'This button belongs to an earlier deployment.',
    why: 'The region was deployed again since.',
    todo: 'Use the buttons of the newest message.',
  }),
  'rollout-waiver-expiry': (p: { hours: number }) => ({
    what: 'The waiver was not asked for.',
    why: `It must end in the future, within ${p.hours} hours.`,
    todo: 'Choose an earlier end.',
  }),
};
