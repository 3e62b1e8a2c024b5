"""What a clinic's system can take: the questions and an assessment as FHIR R5 resources."""
