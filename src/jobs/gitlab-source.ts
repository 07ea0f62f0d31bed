/** How a promotion names a deployment in GitLab as what said that there is a rollout. */
const kind = 'gitlab-deployment/';

export function sourceOfDeployment(id: number): string {
  return `${kind}${id}`;
}

/** The id of the deployment that started a rollout; null for another source, and for a look before an apply. */
export function deploymentOfSource(source: string): number | null {
  const id = source.startsWith(kind) ? source.slice(kind.length) : '';
  return /^\d+$/.test(id) ? Number(id) : null;
}
