/** Names of the buttons in a promotion's messages; each carries in its value what it is about. */
export const promotionButtons = {
  /** Hands the investigation to the service's owner. Value: {@link rolloutValue}. */
  handOver: 'rollout_hand_over',
  /** Value: {@link rolloutValue}. */
  lookAgain: 'rollout_look_again',
  /** Opens the form of a waiver. Value: {@link rolloutValue}. */
  askWaiver: 'rollout_waiver_ask',
  /** Value: `<promotion>/<waiver>`. */
  confirmWaiver: 'rollout_waiver_confirm',
  /** Value: `<promotion>/<waiver>`. */
  declineWaiver: 'rollout_waiver_decline',
} as const;

/** One run of a region of a promotion; neither an id nor a region holds a slash. */
export interface RolloutPlace {
  id: string;
  region: string;
  run: number;
}

/** What a button of a rollout carries, and the metadata of its form. */
export function rolloutValue({ id, region, run }: RolloutPlace): string {
  return `${id}/${region}/${run}`;
}

/** Reads back {@link rolloutValue}; a value that is none names run 0, which no button is about. */
export function readRolloutValue(value: string): RolloutPlace {
  const [id = '', region = '', run = ''] = value.split('/');
  return { id, region, run: /^\d{1,6}$/.test(run) ? Number(run) : 0 };
}
