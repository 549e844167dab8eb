import type { DoubtCode } from '../model/doubt.ts';

export interface DoubtText {
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
}

/** What `threatgate explain` says about each way of not knowing. */
export const DOUBT_TEXTS: Readonly<Record<DoubtCode, DoubtText>> = {
  'file-list-incomplete': {
    title: 'The list of changed files is not complete',
    why: 'A file that is not listed is not judged, and nobody would notice that it was left out.',
    remedy: 'Split the pull request, or judge it with the command line in a complete checkout.',
  },
  'file-missing': {
    title: 'The content of a file was not to be had',
    why: 'The file is listed, but its bytes are not there, as in a shallow or partial clone.',
    remedy: 'Fetch the commit completely and run the check again.',
  },
  'file-too-large': {
    title: 'A file is larger than what is read',
    why: 'Very large files are not parsed, so what they declare is not known.',
    remedy: 'Split the file, raise `limits.file_bytes`, or list it under `ignore` when it declares nothing.',
  },
  'file-binary': {
    title: 'A file that should be text is binary',
    why: 'It has the name of a file that declares resources, but holds NUL bytes.',
    remedy: 'Keep declarations in text files, or list the file under `ignore`.',
  },
  'file-not-utf8': {
    title: 'A file is not valid UTF-8',
    why: 'Guessing an encoding could make the text say something else than the tool that deploys it reads.',
    remedy: 'Save the file as UTF-8.',
  },
  'file-is-symlink': {
    title: 'A file is a symbolic link',
    why: 'Links are not followed: they can point outside the repository, and at different things on different machines.',
    remedy: 'Replace the link by the file, or list it under `ignore`.',
  },
  'file-is-submodule': {
    title: 'A folder is a submodule',
    why: 'Its content is in another repository, at a commit that this change only names.',
    remedy: 'Gate the submodule in its own repository.',
  },
  'unsafe-path': {
    title: 'A path cannot be named safely',
    why: 'A path that is not valid UTF-8 cannot be matched by a rule or shown in a report.',
    remedy: 'Rename the file.',
  },
  'parse-error': {
    title: 'A file could not be parsed',
    why: 'What stands in the unreadable part is not known. The readable rest was judged.',
    remedy: 'Mend the syntax at the line that is named.',
  },
  'parse-limit': {
    title: 'A file goes beyond what a parser is given',
    why: 'Length, depth and number of nodes are bounded, so that no file can hold up the gate; what is beyond was not read.',
    remedy: 'Split the file, or list it under `ignore` when it is generated.',
  },
  'template-not-rendered': {
    title: 'A template could not be rendered',
    why: 'What it comes to depends on values or functions that the repository alone does not tell.',
    remedy: 'Give default values beside the template, or have the rendered result reviewed.',
  },
  'model-unreadable': {
    title: 'A threat model could not be read',
    why: 'Whether it covers the change cannot be said while a part of it is unreadable.',
    remedy: 'Mend the model file; `threatgate lint` names every problem with its line.',
  },
  'model-missing': {
    title: 'A threat model that should be there is not',
    why: 'The policy or the pull request names a model that does not exist.',
    remedy: 'Correct the path, or add the model.',
  },
  'linked-model-unreadable': {
    title: 'The linked threat-model change could not be read',
    why: 'The pull request points to a model change elsewhere, which could not be fetched or is no model change.',
    remedy: 'Check the link, and that this installation may read the other repository.',
  },
  'policy-invalid': {
    title: 'The policy has an error',
    why: 'A policy that is only half understood would judge by rules that nobody wrote.',
    remedy: 'Mend the policy at the line that is named, on the default branch.',
  },
  'policy-unreadable': {
    title: 'The policy could not be read',
    why: 'There is a policy, but not as a readable file, so the rules are not known.',
    remedy: 'Make it a regular text file on the default branch.',
  },
  'too-many-files': {
    title: 'There are more files than are read',
    why: 'The number of files that are opened is bounded.',
    remedy: 'Split the pull request, or leave out generated files under `ignore`.',
  },
  'too-many-facts': {
    title: 'There are more facts than can be told apart',
    why: 'Beyond some thousand facts no reviewer can judge the change, and neither do we.',
    remedy: 'Split the pull request.',
  },
  'discussion-incomplete': {
    title: 'Not everything that was said is listed',
    why: 'GitHub lists a limited number of comments. One that is not listed could take an approval back.',
    remedy: 'Open a new pull request from the same branch, and let it be approved there.',
  },
  'internal-error': {
    title: 'Threatgate itself failed',
    why: 'A part of the classification broke. What it would have said is not known, so nothing is passed.',
    remedy: 'Please report it, with the file that is named.',
  },
};
