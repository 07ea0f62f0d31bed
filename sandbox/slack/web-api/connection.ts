import { tiers } from '../rate.ts';
import { type MethodTable, needs } from './method.ts';

/** Who am I, and where do I connect. */
export const connectionMethods: MethodTable = {
  'auth.test': {
    token: 'bot',
    scopes: needs(),
    limit: tiers.special,
    run: (_, { workspace }) => ({
      url: `https://${workspace.teamDomain}.slack.com/`,
      team: 'Sandbox',
      user: workspace.botName,
      team_id: workspace.teamId,
      user_id: workspace.botUserId,
      bot_id: workspace.botId,
      is_enterprise_install: false,
    }),
  },
  'apps.connections.open': {
    token: 'app',
    scopes: needs('connections:write'),
    // Published as tier 1 ("1+ a minute"), yet ten connections may be opened in a row.
    limit: { calls: 20, windowMs: 60_000 },
    run: (_, state) => ({ url: state.socket.issueUrl(state.url) }),
  },
};
