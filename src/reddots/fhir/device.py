"""Device: the software that gave the advice, with its version and its model's.

https://hl7.org/fhir/R4/device.html. It is named so that a clinic can tell what computed an
assessment; it claims no approval as a medical device.
"""

from reddots import __version__
from reddots.fhir.codes import load_codes
from reddots.fhir.version import FhirVersion, Resource
from reddots.triage.assessment import Assessment


def device(assessment: Assessment, version: FhirVersion = FhirVersion.R4) -> Resource:
    """Return the Device: the version of Red Dots and, if a photo was read, of its checkpoint.

    The checkpoint's SHA-256 is the Device's identifier.
    """
    versions = [{"type": {"text": "software"}, "value": __version__}]
    resource: Resource = {"resourceType": "Device", "status": "active"}
    if assessment.model:
        versions.append({"type": {"text": "checkpoint"}, "value": assessment.model.version})
        system = f"{load_codes().base}/NamingSystem/checkpoint-sha256"
        resource["identifier"] = [{"system": system, "value": assessment.model.sha256}]
    return {
        **resource,
        **version.device_name("Red Dots"),
        **version.device_type("Software: questions, rules and a photo classifier for red spots"),
        "version": versions,
        "note": [{"text": assessment.disclaimer}],
    }
