import { pathMatcher } from '../src/core/paths.ts';

/** The rule we compare with: what a team writes when all it has is globs over file names. */
export const pathRule = pathMatcher([
  '**/*.{tf,tofu,tfvars,tf.json,tfvars.json}',
  '**/*.{template,cfn.yml,cfn.yaml}',
  '**/{templates,cloudformation,cdk,infrastructure,infra,terraform,pulumi,packer,deploy,deployment}/**',
  '**/{kubernetes,k8s,kustomize,helm,charts,manifests}*/**',
  '**/{docker-,}compose*.{yml,yaml}',
  '**/Dockerfile*',
  '.github/workflows/**',
  '**/{package.json,requirements*.txt,pyproject.toml,go.mod,pom.xml,build.gradle,Cargo.toml,Gemfile}',
]);
