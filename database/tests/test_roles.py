"""The web's role owns nothing, may do no more than it needs, and is refused where row security does not hold."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from database import roles
from database.roles import TIMEOUTS, RoleError, prepare_web_role, refuse_unsafe, web_credentials, web_url

OF_DATABASE = "DO $$ BEGIN EXECUTE format('{}', current_database()); END $$"


def value_of(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_web_owns_nothing_and_cannot_become_anybody_else():
    assert value_of("SELECT session_user") == f"{connection.settings_dict['NAME']}_web"
    assert value_of("SELECT count(*) FROM pg_class WHERE pg_has_role(session_user, relowner, 'MEMBER')") == 0
    assert value_of("SELECT count(*) FROM pg_auth_members WHERE member = session_user::regrole") == 0
    powers = "rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication"
    assert value_of(f"SELECT {powers} FROM pg_roles WHERE rolname = session_user") is False


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE expenses_expense",
        "ALTER TABLE expenses_expense DISABLE ROW LEVEL SECURITY",
        "DROP POLICY expense_open_read ON expenses_expense",
        "ALTER TABLE expenses_expense DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE FUNCTION pg_temp.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE OR REPLACE FUNCTION open_ledgers(act text) RETURNS bigint[] LANGUAGE sql AS 'SELECT NULL'",
        "DELETE FROM django_migrations",
        "COPY expenses_expense TO PROGRAM 'cat'",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
    ],
)
@pytest.mark.django_db
def test_the_web_may_not(statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(("setting", "value"), TIMEOUTS.items())
@pytest.mark.django_db
def test_the_web_waits_only_so_long(setting, value):
    assert value_of(f"SHOW {setting}") == value


@pytest.mark.django_db(transaction=True)
def test_the_owner_waits_as_long_as_it_takes():
    with connection.owner():
        assert value_of("SHOW statement_timeout") == "0"


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_refused_where_the_web_is_expected():
    with connection.owner():
        connection.ensure_connection()
        with pytest.raises(RoleError, match="row security does not hold"):
            refuse_unsafe(connection.connection)


@pytest.mark.django_db(transaction=True)
def test_a_role_that_may_become_the_owner_is_refused_too():
    role, owner = sql.Identifier("tests_member"), "SELECT relowner::regrole FROM pg_class WHERE relname = %s"
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute(owner, ["expenses_expense"])
        member = sql.SQL("CREATE ROLE {} IN ROLE {}").format(role, sql.Identifier(cursor.fetchone()[0]))
        try:
            with transaction.atomic():
                cursor.execute(member)
                cursor.execute(sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(role))
                with pytest.raises(RoleError):
                    refuse_unsafe(connection.connection)
                transaction.set_rollback(True)
        except DatabaseError as error:
            pytest.skip(f"the owner of the tests' server may not do that: {error}")


@pytest.mark.django_db(transaction=True)
def test_preparing_again_changes_nothing():
    with connection.owner():
        prepare_web_role(connection)
    assert value_of("SELECT count(*) FROM ledgers_ledger") == 0


@pytest.mark.django_db(transaction=True)
def test_an_owner_who_may_not_make_roles_is_told_what_to_do():
    with connection.owner(), transaction.atomic():
        connection.cursor().execute("CREATE ROLE tests_powerless; GRANT tests_powerless TO CURRENT_USER")
        connection.cursor().execute("SET LOCAL ROLE tests_powerless")
        with pytest.raises(RoleError, match="WEB_DATABASE_URL"):
            prepare_web_role(connection)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_owner_is_not_for_the_middle_of_a_transaction():
    with pytest.raises(transaction.TransactionManagementError), connection.owner():
        pass


@pytest.mark.django_db(transaction=True)
def test_django_s_flush_empties_the_tables_although_the_web_may_not(alice):
    call_command("flush", interactive=False, verbosity=0)
    assert value_of("SELECT count(*) FROM users_user") == 0
    # Which knows one content type more than flushing puts back; other tests compare them.
    call_command("migrate", verbosity=0)


def test_the_password_of_the_web_follows_from_the_secret_key(settings):
    database = {"NAME": "expenses"}
    first = web_credentials(database)
    settings.SECRET_KEY = "another"
    assert first["user"] == "expenses_web"
    assert len(first["password"]) == 64
    assert web_credentials(database)["password"] != first["password"]


def test_a_role_made_by_hand_is_taken_as_it_is():
    given = {"NAME": "expenses", "WEB": {"USER": "shop", "PASSWORD": "p"}}
    assert web_credentials(given) == {"user": "shop", "password": "p"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://me:secret@host:5432/db", "postgres://shop:p%40%2F%3A@host:5432/db"),
        ("postgres://host/db?sslmode=require", "postgres://shop:p%40%2F%3A@host/db?sslmode=require"),
    ],
)
def test_the_server_is_told_the_address_of_the_web_and_not_of_the_owner(url, expected):
    assert web_url(url, {"NAME": "db", "WEB": {"USER": "shop", "PASSWORD": "p@/:"}}) == expected


@pytest.mark.parametrize(
    ("breach", "mending", "said"),
    [
        (
            "ALTER TABLE expenses_expense DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE expenses_expense ENABLE ROW LEVEL SECURITY",
            "no row security: expenses_expense",
        ),
        (
            "CREATE TABLE forgotten (ledger_id bigint)",
            "DROP TABLE forgotten",
            "no row security: forgotten",
        ),
        (
            "CREATE VIEW peephole AS SELECT ledger_id FROM expenses_expense",
            "DROP VIEW peephole",
            "no row security: peephole",
        ),
        (
            "CREATE MATERIALIZED VIEW copied AS SELECT 1::bigint AS ledger_id",
            "DROP MATERIALIZED VIEW copied",
            "no row security: copied",
        ),
        (
            "GRANT CREATE ON SCHEMA public TO PUBLIC",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "REVOKE CREATE",
        ),
        (
            OF_DATABASE.format("GRANT TEMPORARY ON DATABASE %I TO PUBLIC"),
            OF_DATABASE.format("REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC"),
            "REVOKE TEMPORARY",
        ),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_breach_in_the_wall_is_refused(breach, mending, said):
    connection.ensure_connection()
    web = connection.connection
    refuse_unsafe(web)
    owner = connection.copy()
    with owner.owner():
        owner.cursor().execute(breach)
        try:
            with pytest.raises(RoleError, match=said):
                refuse_unsafe(web)
        finally:
            owner.cursor().execute(mending)
    refuse_unsafe(web)


@pytest.mark.django_db(transaction=True)
def test_a_role_of_somebody_else_is_left_alone(monkeypatch):
    with connection.owner():
        connection.cursor().execute("CREATE ROLE tests_shop_web LOGIN")
        try:
            monkeypatch.setattr(roles, "web_role", lambda _settings: "tests_shop_web")
            with pytest.raises(RoleError, match="did not make"):
                prepare_web_role(connection)
        finally:
            connection.cursor().execute("DROP ROLE tests_shop_web")


@pytest.mark.django_db(transaction=True)
def test_tables_of_others_in_the_same_database_are_not_opened():
    with connection.owner(), transaction.atomic():
        connection.cursor().execute(
            "CREATE ROLE tests_neighbour; GRANT tests_neighbour TO CURRENT_USER;"
            "GRANT CREATE ON SCHEMA public TO tests_neighbour;"
            "CREATE TABLE neighbours (id int); ALTER TABLE neighbours OWNER TO tests_neighbour"
        )
        prepare_web_role(connection)
        role = connection.settings_dict["NAME"] + "_web"
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'neighbours', 'SELECT')", [role])
            assert cursor.fetchone() == (False,)
        transaction.set_rollback(True)
