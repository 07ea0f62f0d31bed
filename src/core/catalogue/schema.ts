import { z } from 'zod';
import { block, listOf, shownName } from './fields.ts';
import { phasesSection } from './phase-sections.ts';
import {
  channelsSection,
  gitlabSection,
  groupEntry,
  limitsSection,
  projectsSection,
  rolesSection,
} from './sections.ts';
import { accountsSection, servicesSection, wavesSection } from './service-sections.ts';
import { quoted, twoLines, wrongType } from './wording.ts';

const versionWording = (input: unknown) =>
  input === undefined || input === null
    ? wrongType(input, 'a number', 'version: 1')
    : twoLines(`is ${quoted(input)}, this gonogo reads 1`, 'Write version: 1');

/**
 * `release.yml` as it is written (requirement A7): the one place that declares projects, roles and channels.
 * What needs two places of the file at once is in `rules.ts`.
 */
export const catalogueFileSchema = block(
  {
    version: z
      .literal(1, { error: (issue) => versionWording(issue.input) })
      .meta({ description: 'The version of this format.' }),
    name: shownName('name: BetterFleet Manage', 60).meta({
      description: 'What is released, as shown in Slack.',
    }),
    gitlab: gitlabSection,
    groups: listOf(groupEntry, 'groups: [{ id: manage, name: Manage }]')
      .max(100, { error: twoLines('has more than 100 groups, Slack shows 100', 'Use fewer groups.') })
      .default([])
      .meta({ description: 'How the list of projects is grouped. Optional.' }),
    projects: projectsSection,
    roles: rolesSection,
    channels: channelsSection,
    limits: limitsSection.prefault({}),
    phases: phasesSection.default([]),
    accounts: accountsSection.default([]),
    services: servicesSection.default([]),
    waves: wavesSection.default([]),
  },
  'version: 1, and the sections below it',
).meta({
  title: 'gonogo catalogue',
  description: 'release.yml: what can be released, by whom, and where it is told.',
});

/** The parsed file, defaults filled in, in the words of the file. */
export type CatalogueFile = z.output<typeof catalogueFileSchema>;

/** JSON Schema (draft 7, which editors know) of what may be written, from the same source as the check. */
export function catalogueJsonSchema(): object {
  return z.toJSONSchema(catalogueFileSchema, { io: 'input', target: 'draft-7' });
}
