"""FHIR releases: R4 (4.0.1) and R5 (5.0.0), and where their resources differ.

Most clinics take R4. Only the differences that our resources meet stand here.
"""

from enum import StrEnum
from typing import Any

Resource = dict[str, Any]


class FhirVersion(StrEnum):
    """A FHIR release.

    Reference: https://hl7.org/fhir/R4/ and https://hl7.org/fhir/R5/.
    """

    R4 = "R4"
    R5 = "R5"

    @property
    def coded_item(self) -> str:
        """The type of a Questionnaire item that is answered by a code."""
        return "choice" if self is FhirVersion.R4 else "coding"

    @property
    def questionnaire_profiles(self) -> tuple[str, ...]:
        """The profiles that a Questionnaire follows: SDC, which exists for R4 only."""
        sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"
        return (sdc,) if self is FhirVersion.R4 else ()

    def device_name(self, name: str) -> Resource:
        """Return the element of a Device that names it."""
        kind = "user-friendly-name"
        if self is FhirVersion.R4:
            return {"deviceName": [{"name": name, "type": kind}]}
        return {"name": [{"value": name, "type": kind}]}

    def device_type(self, text: str) -> Resource:
        """Return the element of a Device that says what it is; R5 takes several."""
        concept = {"text": text}
        return {"type": concept if self is FhirVersion.R4 else [concept]}

    def concept(self, text: str) -> Resource:
        """Return what is asked for by a ServiceRequest, in words."""
        return {"text": text} if self is FhirVersion.R4 else {"concept": {"text": text}}

    def supporting(self, url: str) -> Resource:
        """Return a reference to ``url`` as supporting information of a ServiceRequest."""
        reference = {"reference": url}
        return reference if self is FhirVersion.R4 else {"reference": reference}

    def patient_instruction(self, text: str) -> Resource:
        """Return the element of a ServiceRequest that the person reads."""
        if self is FhirVersion.R4:
            return {"patientInstruction": text}
        return {"patientInstruction": [{"instructionMarkdown": text}]}
