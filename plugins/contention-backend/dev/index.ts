/** A whole backend for the demo portal: catalog, guest sign-in, permissions switched on, Kubernetes, and this plugin. */
import { createBackend } from '@backstage/backend-defaults';
import { demoPolicyModule } from './policy';

const backend = createBackend();

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-kubernetes-backend'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(demoPolicyModule);
backend.add(import('../src'));

backend.start();
