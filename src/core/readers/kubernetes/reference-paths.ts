/** Where one manifest names another: the name at `path` (through lists and maps; `*` any key) is of `kind`. */
export interface ReferencePath {
  readonly path: string;
  readonly kind: string;
}

/** Within a pod's spec, whatever wraps it. */
export const POD_REFERENCES: readonly ReferencePath[] = [
  { path: 'serviceAccountName', kind: 'ServiceAccount' },
  { path: 'serviceAccount', kind: 'ServiceAccount' },
  { path: 'priorityClassName', kind: 'PriorityClass' },
  { path: 'runtimeClassName', kind: 'RuntimeClass' },
  { path: 'imagePullSecrets.name', kind: 'Secret' },
  { path: 'volumes.configMap.name', kind: 'ConfigMap' },
  { path: 'volumes.secret.secretName', kind: 'Secret' },
  { path: 'volumes.persistentVolumeClaim.claimName', kind: 'PersistentVolumeClaim' },
  { path: 'volumes.projected.sources.configMap.name', kind: 'ConfigMap' },
  { path: 'volumes.projected.sources.secret.name', kind: 'Secret' },
  { path: 'volumes.csi.volumeAttributes.secretProviderClass', kind: 'SecretProviderClass' },
  { path: 'volumes.csi.nodePublishSecretRef.name', kind: 'Secret' },
  ...['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => [
    { path: `${list}.env.valueFrom.configMapKeyRef.name`, kind: 'ConfigMap' },
    { path: `${list}.env.valueFrom.secretKeyRef.name`, kind: 'Secret' },
    { path: `${list}.envFrom.configMapRef.name`, kind: 'ConfigMap' },
    { path: `${list}.envFrom.secretRef.name`, kind: 'Secret' },
  ]),
];

/** Where the pod is, outermost first; the last is the manifest of a pod itself. */
export const POD_PLACES: readonly (readonly string[])[] = [
  ['spec', 'jobTemplate', 'spec', 'template'],
  ['spec', 'template'],
  ['template'],
  [],
];

/** By kind, from the manifest's root. */
export const REFERENCES: ReadonlyMap<string, readonly ReferencePath[]> = new Map([
  [
    'Ingress',
    [
      { path: 'spec.rules.http.paths.backend.service.name', kind: 'Service' },
      { path: 'spec.rules.http.paths.backend.serviceName', kind: 'Service' },
      { path: 'spec.defaultBackend.service.name', kind: 'Service' },
      { path: 'spec.backend.serviceName', kind: 'Service' },
      { path: 'spec.tls.secretName', kind: 'Secret' },
      { path: 'spec.ingressClassName', kind: 'IngressClass' },
    ],
  ],
  [
    'Gateway',
    [
      { path: 'spec.gatewayClassName', kind: 'GatewayClass' },
      { path: 'spec.listeners.tls.certificateRefs.name', kind: 'Secret' },
      { path: 'spec.servers.tls.credentialName', kind: 'Secret' },
    ],
  ],
  ['VirtualService', [{ path: 'spec.gateways', kind: 'Gateway' }]],
  ['StatefulSet', [{ path: 'spec.serviceName', kind: 'Service' }]],
  ['APIService', [{ path: 'spec.service.name', kind: 'Service' }]],
  ['ValidatingWebhookConfiguration', [{ path: 'webhooks.clientConfig.service.name', kind: 'Service' }]],
  ['MutatingWebhookConfiguration', [{ path: 'webhooks.clientConfig.service.name', kind: 'Service' }]],
  ['Certificate', [{ path: 'spec.secretName', kind: 'Secret' }]],
  ['ExternalSecret', [{ path: 'spec.target.name', kind: 'Secret' }]],
  ['IngressRoute', [{ path: 'spec.routes.services.name', kind: 'Service' }]],
  [
    'PersistentVolumeClaim',
    [
      { path: 'spec.storageClassName', kind: 'StorageClass' },
      { path: 'spec.volumeName', kind: 'PersistentVolume' },
    ],
  ],
  ['ServiceAccount', [{ path: 'secrets.name', kind: 'Secret' }]],
]);

/** Texts in which a host names a Service. */
export const HOST_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['VirtualService', ['spec.*.route.destination.host', 'spec.http.mirror.host']],
  ['DestinationRule', ['spec.host']],
]);

/** Objects `{kind, name}` that refer by themselves; the kind is for those that leave it out. */
export const OBJECT_REFERENCES: readonly ReferencePath[] = [
  { path: 'roleRef', kind: 'ClusterRole' },
  { path: 'subjects', kind: 'ServiceAccount' },
  { path: 'spec.scaleTargetRef', kind: 'Deployment' },
  { path: 'spec.targetRef', kind: 'Deployment' },
  { path: 'spec.targetRefs', kind: 'Gateway' },
  { path: 'spec.parentRefs', kind: 'Gateway' },
  { path: 'spec.rules.backendRefs', kind: 'Service' },
  { path: 'spec.rules.filters.requestMirror.backendRef', kind: 'Service' },
  { path: 'spec.issuerRef', kind: 'Issuer' },
  { path: 'spec.secretStoreRef', kind: 'SecretStore' },
  { path: 'spec.dataFrom.sourceRef.storeRef', kind: 'SecretStore' },
  { path: 'spec.sourceRef', kind: 'GitRepository' },
  { path: 'spec.chart.spec.sourceRef', kind: 'HelmRepository' },
];

/** What a label selector selects. `selector` maps of plain labels count as `matchLabels`. */
export interface SelectorPath {
  readonly path: string;
  readonly selects: 'pods' | 'services';
}

export const SELECTORS: ReadonlyMap<string, readonly SelectorPath[]> = new Map([
  ['Service', [{ path: 'spec.selector', selects: 'pods' }]],
  ['Gateway', [{ path: 'spec.selector', selects: 'pods' }]],
  [
    'NetworkPolicy',
    [
      { path: 'spec.podSelector', selects: 'pods' },
      { path: 'spec.ingress.from.podSelector', selects: 'pods' },
      { path: 'spec.egress.to.podSelector', selects: 'pods' },
    ],
  ],
  ['CiliumNetworkPolicy', [{ path: 'spec.endpointSelector', selects: 'pods' }]],
  ['PodDisruptionBudget', [{ path: 'spec.selector', selects: 'pods' }]],
  ['PodMonitor', [{ path: 'spec.selector', selects: 'pods' }]],
  ['ServiceMonitor', [{ path: 'spec.selector', selects: 'services' }]],
  ['AuthorizationPolicy', [{ path: 'spec.selector', selects: 'pods' }]],
  ['PeerAuthentication', [{ path: 'spec.selector', selects: 'pods' }]],
  ['RequestAuthentication', [{ path: 'spec.selector', selects: 'pods' }]],
  ['Sidecar', [{ path: 'spec.workloadSelector.labels', selects: 'pods' }]],
  ['EnvoyFilter', [{ path: 'spec.workloadSelector.labels', selects: 'pods' }]],
]);
