/** The page of AWS's console where people see the lines of a log group in a stretch of time. */
export function consolePage(scope: { region: string; group: string; from: Date; to: Date }): string {
  const { region, group, from, to } = scope;
  const name = group.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
  const span = `?start=${from.getTime()}&end=${to.getTime()}`;
  const path = `log-groups/log-group/${twice(name)}/log-events${hashed(span)}`;
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:${path}`;
}

/** Behind the # the console writes `$` for `%`, and names of groups encoded once more. */
const hashed = (text: string) => encodeURIComponent(text).replaceAll('%', '$');
const twice = (text: string) => hashed(encodeURIComponent(text));
