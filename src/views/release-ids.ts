/** Names of the buttons in a release's messages; each carries in its value what it is about. */
export const releaseButtons = {
  /** Opens the checklist. Value: release id. */
  checklist: 'release_checklist',
  /** Lists what stands against a GO, each to be handled or waived. Value: release id. */
  blockers: 'release_blockers',
  /** Value: release id. */
  recheckFailed: 'release_recheck_failed',
  /** Value: release id. */
  recheckAll: 'release_recheck_all',
  /** Value: `<release>/<gate>`. */
  recheckGate: 'release_recheck_gate',
  /** Value: `<release>/<pass that it ends>`. */
  nextPass: 'release_next_pass',
  /** The approval's id follows after a colon, since ids are unique in a block. Value: `<release>/<approval>/<digest shown>`. */
  approve: 'release_approve',
  /** Value: `<release>/<waiver>`. */
  confirmWaiver: 'release_waiver_confirm',
  /** Value: `<release>/<waiver>`. */
  declineWaiver: 'release_waiver_decline',
} as const;
