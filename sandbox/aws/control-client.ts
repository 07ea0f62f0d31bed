import type { z } from 'zod';
import { controlCall } from '../shared/control-call.ts';
import type { ClockState } from './clock.ts';
import type { DeployAnswer } from './control-rollouts.ts';
import type { bodies } from './control-schema.ts';
import type { Service } from './ecs/entities.ts';
import type { Fault } from './faults.ts';
import type { LogLine } from './logs/log-group.ts';
import type { LoggedRequest } from './request-log.ts';
import type { Script } from './rollouts/script.ts';
import type { AwsState } from './snapshot.ts';

type Body<K extends keyof typeof bodies> = z.infer<(typeof bodies)[K]>;

/** Steers a simulated AWS at `url` over HTTP. Each method rejects with the endpoint's own words. */
export function awsControl(url: string) {
  const call = controlCall(url);
  return {
    state: () => call<AwsState>('GET', 'state'),
    /** The API requests so far, or those of one operation. */
    requests: async (operation?: string) => {
      const query = operation === undefined ? '' : `?operation=${encodeURIComponent(operation)}`;
      return (await call<{ requests: LoggedRequest[] }>('GET', `requests${query}`)).requests;
    },
    /** Changes what is given; every bucket of tokens is full again. */
    world: (change: Body<'world'>) => call<AwsState['settings']>('POST', 'world', change),
    addService: (spec: Body<'addService'>) => call<Service>('POST', 'services', spec),
    /** Another image or digest replaces every task at once. */
    setService: (change: Body<'setService'>) => call<Service>('POST', 'services/set', change),
    addLogGroup: (wish: Body<'addLogGroup'>) => call<{ name: string }>('POST', 'log-groups', wish),
    putLines: async (wish: Body<'lines'>) => (await call<{ lines: LogLine[] }>('POST', 'lines', wish)).lines,
    /** Lines that come all the time, or from and until; gives the id. */
    addBackground: async (wish: Body<'background'>) =>
      (await call<{ id: number }>('POST', 'background', wish)).id,
    /** Ends one, or all of a group, with what they wrote. */
    removeBackground: (wish: Body<'removeBackground'>) =>
      call<{ removed: number }>('POST', 'background/remove', wish),
    clock: () => call<ClockState>('GET', 'clock'),
    /** Freezes time, sets its speed, leaps ahead: in this order. */
    setClock: (wish: Body<'clock'>) => call<ClockState>('POST', 'clock', wish),
    /** Leaps so many ms ahead. */
    advance: (advanceMs: number) => call<ClockState>('POST', 'clock', { advanceMs }),
    /** Every script of a rollout, with one line for people. */
    scripts: async () =>
      (await call<{ scripts: Pick<Script, 'id' | 'group' | 'says'>[] }>('GET', 'scripts')).scripts,
    /** Starts a rollout that goes by a script; ends the one that the service is on. */
    deploy: (wish: Body<'deploy'>) => call<DeployAnswer>('POST', 'deploy', wish),
    /** Many services, each with a rollout; gives their names. */
    addFleet: async (wish: Body<'fleet'>) =>
      (await call<{ services: string[] }>('POST', 'fleet', wish)).services,
    /** A role that AssumeRole gives keys for; its account is made with it. */
    addRole: (wish: Body<'role'>) => call<{ arn: string; externalId: string | null }>('POST', 'roles', wish),
    /** How many container instances a cluster has. */
    setInstances: (wish: Body<'instances'>) =>
      call<{ cluster: string; count: number }>('POST', 'instances', wish),
    /** Lets the caller use an operation or not. */
    access: (wish: Body<'access'>) => call<{ denied: string[] }>('POST', 'access', wish),
    addFault: (fault: Body<'fault'>) => call<Fault>('POST', 'faults', fault),
    /** Ends one fault, or all of them. */
    removeFault: (id?: number) =>
      call<{ removed: number }>('DELETE', id === undefined ? 'faults' : `faults/${id}`),
  };
}
