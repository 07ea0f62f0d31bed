import type { Project, Variable } from './model.ts';
import type { BridgeScript, PipelineScript } from './scripts.ts';

const signals: Record<string, { key: string; job: string }> = {
  'bring-all-code-to-release-branch': { key: 'ORCHESTRATION_CUT_OFF', job: 'cut-off' },
  'deploy-release-branch-to-staging': { key: 'ORCHESTRATION_RELEASE', job: 'release' },
};

const lastPart = (path: string) => path.split('/').at(-1) ?? path;

/** The orchestration root's `spec:inputs`: action, project and confirm (requirements A1, A8). */
export const rootInputs = {
  /** What GitLab says about inputs that do not fit. */
  refusals(inputs: Record<string, unknown>, root: Project): string[] {
    const unknown = Object.keys(inputs).filter((name) => !['action', 'project', 'confirm'].includes(name));
    if (unknown.length > 0) return [`unknown input arguments: ${unknown.join(', ')}`];
    const { action, project, confirm } = inputs;
    const found: string[] = [];
    const projects = ['all', ...(root.spec.fanOut ?? []).map(lastPart)];
    if (action !== undefined) found.push(...optionProblem('action', action, Object.keys(signals)));
    if (project !== undefined) found.push(...optionProblem('project', project, projects));
    if (confirm !== undefined && typeof confirm !== 'boolean' && confirm !== 'true' && confirm !== 'false')
      found.push('`confirm` input: provided value is not a boolean');
    return found;
  },
};

function optionProblem(name: string, value: unknown, options: string[]): string[] {
  if (typeof value !== 'string') return [`\`${name}\` input: provided value is not a string`];
  if (options.includes(value)) return [];
  return [
    `\`${name}\` input: \`${value}\` cannot be used because it is not in the list of the allowed options`,
  ];
}

/**
 * The trigger jobs that a root pipeline has: one a target, each with `strategy: depend`, on branch `release`.
 * None without confirm; the legacy variables INVOKE_CUT_OFF and INVOKE_RELEASE ask for all targets (A8).
 */
export function rootScript(request: {
  project: Project;
  variables: Variable[];
  inputs: Record<string, unknown>;
}): PipelineScript {
  const legacy = (key: string) => request.variables.some((v) => v.key === key && v.value === 'true');
  const chosen = legacy('INVOKE_CUT_OFF')
    ? { action: 'bring-all-code-to-release-branch', project: 'all', confirm: true }
    : legacy('INVOKE_RELEASE')
      ? { action: 'deploy-release-branch-to-staging', project: 'all', confirm: true }
      : request.inputs;
  const signal = typeof chosen['action'] === 'string' ? signals[chosen['action']] : undefined;
  const confirmed = chosen['confirm'] === true || chosen['confirm'] === 'true';
  const steps: PipelineScript['steps'] = [
    { status: 'pending', afterMs: 300 },
    { status: 'running', afterMs: 500 },
  ];
  if (!signal || !confirmed) return { steps };
  const bridges = (request.project.spec.fanOut ?? [])
    .filter((path) => chosen['project'] === 'all' || lastPart(path) === chosen['project'])
    .map(
      (path): BridgeScript => ({
        name: `${signal.job}: [${lastPart(path)}]`,
        stage: 'orchestrate',
        project: path,
        ref: 'release',
        strategy: 'depend',
        variables: [{ key: signal.key, value: 'true' }],
      }),
    );
  return { steps, bridges };
}
