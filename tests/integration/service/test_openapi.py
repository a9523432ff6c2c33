"""schemathesis reads the OpenAPI document and tries what it promises, and what it does not."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

pytestmark = pytest.mark.integration
API = "/api/v1"
EXAMPLES = 4
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance",
)  # fmt: skip


def test_every_operation_answers_as_its_document_says(running):
    import schemathesis
    from schemathesis import checks as known

    service = running(requests_per_second=1e6)
    key = service.key("read", "score", "write", "admin")
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", service.app, headers=key)
    checks = [known.CHECKS.get_one(name) for name in CHECKS]
    met = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
            phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=found.ok().as_strategy())
        def ask(case):
            case.call_and_validate(headers=key, checks=checks)

        ask()
        met.add(operation.label)
    assert len(met) > 25
