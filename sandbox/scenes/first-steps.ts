import type { GuideStep } from '../page/services.ts';

/** What a newcomer is invited to try, in this order. */
export const firstSteps: GuideStep[] = [
  {
    title: 'Cut off one project',
    detail:
      'Bring the code of one project to its release branch. Confirm in the form, then watch the message.',
    command: '/release cutoff bf-manage-core',
  },
  {
    title: 'Open the thread',
    detail: 'Below the bot’s message, open the replies: each target reports there.',
  },
  {
    title: 'Deploy all projects to staging',
    detail: 'One pipeline for each of the 16 projects. The progress bar fills as they finish.',
    command: '/release deploy all',
  },
  {
    title: 'See what a typo does',
    detail: 'The bot suggests what you may have meant.',
    command: '/release cutof',
  },
  {
    title: 'Let something fail',
    detail:
      'Under “What goes wrong”, let the pipelines of bf-manage-core fail. Deploy it, then mend it and retry.',
    command: '/release deploy bf-manage-core',
  },
  {
    title: 'Be somebody else',
    detail: 'At the bottom left, become a person without the role, and try again.',
    command: '/release cutoff bf-manage-core',
  },
  {
    title: 'Validate a staging release',
    detail:
      'A release is on staging already. The bot checks what it can by itself; the smoke checklist it asks of you: open it from the message and answer each item.',
    command: '/release validate',
  },
  {
    title: 'Mend what blocks it',
    detail:
      'The answer is NO-GO: one merge request was never labelled. Label it in the tab “Staging”, press the re-check button of the message, and see GO. The tab “Linear” shows the record being kept.',
    command: '/release decide',
  },
  {
    title: 'Change staging after the GO',
    detail:
      'In the tab “Staging”, deploy a hotfix. The GO is withdrawn, and a button starts the next pass, which keeps what still holds.',
  },
  {
    title: 'Deploy to production, and let it crash',
    detail:
      'In the tab “Production”, choose “Crash loop” for eu-west-1 and deploy. The message says what failed and what to do; its thread has the exit code and the last lines of the log. Hand it over to the owner from there.',
  },
  {
    title: 'Be held at the gate',
    detail:
      'Now deploy to us-east-1: the pipeline asks the bot’s gate and is held, with the reason. Bring a fix, deploy that to eu-west-1, and see PASS within a minute. GO, which opens the gate, comes about five minutes later: the spike check needs some of the log.',
  },
  {
    title: 'Ask where a deployment stands',
    detail: 'What is known about the newest deployment of a service, region by region.',
    command: '/release validate bf-manage-core',
  },
];
