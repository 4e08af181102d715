from config import environment


def test_the_table_of_settings_in_the_documentation_is_current():
    page = environment.PAGE.read_text(encoding="utf-8")

    assert page == environment.page(page), "python -m config.environment"


def test_every_setting_says_what_it_does():
    assert [name for name, field in environment.Environment.model_fields.items() if not field.description] == []
