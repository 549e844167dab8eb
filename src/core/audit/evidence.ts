/** What an auditor may ask for, `E01` to `E18`. */
export interface EvidenceItem {
  readonly id: string;
  readonly title: string;
}

/** Titles are our own. Ids are stable: they stand in exports that are kept for years. */
export const EVIDENCE: readonly EvidenceItem[] = [
  { id: 'E01', title: 'Change: what was merged, by whom and when' },
  { id: 'E02', title: 'Why the gate was triggered, or why not' },
  { id: 'E03', title: 'What the change did to the threat model' },
  { id: 'E04', title: 'Answers to the questions asked' },
  { id: 'E05', title: 'Rated risk with its owner and treatment' },
  { id: 'E06', title: 'Independent approval of the final content' },
  { id: 'E07', title: 'Signed statement about the merged commit' },
  { id: 'E08', title: 'Exceptions: emergencies, waivers, bypasses, pushes, outages' },
  { id: 'E09', title: 'Population: every change of the period' },
  { id: 'E10', title: 'Tickets that follow from answers' },
  { id: 'E11', title: 'Risk register as of a day' },
  { id: 'E12', title: 'Assumptions and what rests on them' },
  { id: 'E13', title: 'Vendors and what flows to them' },
  { id: 'E14', title: 'Inventory, data flows and boundaries as of a day' },
  { id: 'E15', title: 'Configuration of the gate over time' },
  { id: 'E16', title: 'Reviews held again, and what they changed' },
  { id: 'E17', title: 'Shortcomings and figures, and who was told' },
  { id: 'E18', title: 'The method: scales, roles, what counts as significant' },
];
