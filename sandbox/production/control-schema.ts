import { z } from 'zod';
import { logBehaviours } from '../aws/rollouts/wish.ts';

/** What the control endpoints take. */
export const bodies = {
  /** Starts the pipeline that deploys the commit on its way to one region. */
  deploy: z.strictObject({
    region: z.string().min(1),
    /** What happens in ECS then: one of the scripts of the simulated AWS. */
    script: z.string().min(1),
    /** What the new tasks write, where it is not what the script says. */
    logs: z.enum(logBehaviours).exactOptional(),
    /** Whether the job goes on although the gate is held, as nobody should. */
    anyway: z.boolean().exactOptional(),
  }),
} as const;
