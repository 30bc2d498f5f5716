/** Who may do what in the demo: whoever signed in may read, and nobody may send metrics but the agent's token. */
import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isPermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { contentionIngestPermission } from 'backstage-plugin-contention-common';

class DemoPolicy implements PermissionPolicy {
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const isReader =
      user !== undefined &&
      !isPermission(request.permission, contentionIngestPermission);
    return { result: isReader ? AuthorizeResult.ALLOW : AuthorizeResult.DENY };
  }
}

export const demoPolicyModule = createBackendModule({
  pluginId: 'permission',
  moduleId: 'contention-demo-policy',
  register(env) {
    env.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(new DemoPolicy());
      },
    });
  },
});
