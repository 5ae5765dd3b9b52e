"""The two roles: the owner makes the tables, the web works with them and is held by row security.

One ``DATABASE_URL`` is enough: it is the owner's, who makes the web's role. Where the owner may not make roles,
``WEB_DATABASE_URL`` names one that was made by hand; docs/security.md has the statements.
"""

from urllib.parse import quote, urlsplit

from django.db import ProgrammingError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

TIMEOUTS = {
    # A page that takes longer than this helps nobody, and keeps others waiting.
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
}


COMMENT = "The web of the expense tracker. Made by it, and its password kept by it."
FACTS = """
SELECT rolname,
       rolsuper OR rolbypassrls OR EXISTS (
           SELECT FROM pg_class WHERE relrowsecurity AND pg_has_role(rolname, relowner, 'MEMBER')
       ),
       has_schema_privilege(rolname, 'public', 'CREATE'),
       has_database_privilege(rolname, current_database(), 'TEMPORARY'),
       (SELECT string_agg(relname, ', ') FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace = 'public'::regnamespace
          AND attname = 'ledger_id'
          AND NOT CASE relkind WHEN 'v' THEN coalesce('security_invoker=true' = ANY (reloptions), false)
              ELSE relrowsecurity END)
FROM pg_roles WHERE rolname = coalesce(%s, session_user)
"""
# Whether a role may make temporary tables, and who connects may change that.
TEMPORARY = """
SELECT FROM pg_database WHERE datname = current_database() AND has_database_privilege(%s, oid, 'TEMPORARY')
AND pg_has_role(datdba, 'USAGE')
"""
OWN_TABLES = """
SELECT relkind, relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S') AND relowner = current_user::regrole
"""
WRITING = "SELECT, INSERT, UPDATE, DELETE"
PRIVILEGES = {"r": WRITING, "p": WRITING, "v": "SELECT", "S": "USAGE"}  # by the kind of relation


class RoleError(Exception):
    """There is no role that the web could safely work as. The message says what to do."""


def web_role(settings_dict: dict) -> str:
    """The name of the role that the web connects as."""
    return settings_dict.get("WEB", {}).get("USER") or f"{settings_dict['NAME']}_web"


def web_credentials(settings_dict: dict) -> dict[str, str]:
    """User and password of the web. The password follows from SECRET_KEY, so that it is kept nowhere else."""
    if given := settings_dict.get("WEB"):
        return {"user": given["USER"], "password": given["PASSWORD"]}
    role = web_role(settings_dict)
    return {"user": role, "password": salted_hmac("database.roles", role, algorithm="sha256").hexdigest()}


def web_url(url: str, settings_dict: dict) -> str:
    """The owner's URL with the web's user and password."""
    who = "{user}:{password}".format_map(
        {name: quote(text, safe="") for name, text in web_credentials(settings_dict).items()}
    )
    parts = urlsplit(url)
    return parts._replace(netloc=f"{who}@{parts.netloc.rpartition('@')[2]}").geturl()


def prepare_web_role(connection) -> None:
    """Make the web's role, unless it was made by hand, and open the tables to it. Done by the owner.

    Raises ``RoleError`` where the owner may not make roles.
    """
    with connection.cursor() as cursor:
        if not connection.settings_dict.get("WEB"):
            _make(cursor, connection)
        _grant(cursor, sql.Identifier(web_role(connection.settings_dict)))
        _withhold_temporary_tables(cursor, connection)


def drop_web_role(cursor, settings_dict: dict) -> None:
    """Remove the role of a database that is gone."""
    if not settings_dict.get("WEB"):
        cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(web_role(settings_dict))))


def refuse_unsafe(connection, role: str | None = None) -> None:
    """Raise ``RoleError`` if row security does not hold for the role, or some table has none.

    The role is that of this psycopg connection unless another is named.
    """
    facts = connection.execute(FACTS, [role]).fetchone()
    if not facts:
        raise RoleError(_("There is no role “%(role)s” for the web to work as.") % {"role": role})
    role, unheld, makes, makes_temporary, unsecured = facts
    if unheld:
        raise RoleError(
            _("The web must not work as the database role “%(role)s”: row security does not hold for it.")
            % {"role": role}
        )
    if makes:
        raise RoleError(
            _(
                "The role “%(role)s” that the web works as may make tables. Take that away:"
                " REVOKE CREATE ON SCHEMA public FROM PUBLIC, “%(role)s”."
            )
            % {"role": role}
        )
    if makes_temporary:
        raise RoleError(
            _(
                "The role “%(role)s” that the web works as may make temporary tables, which could have triggers."
                " Take that away: REVOKE TEMPORARY ON DATABASE “%(database)s” FROM PUBLIC, “%(role)s”."
            )
            % {"role": role, "database": connection.info.dbname}
        )
    if unsecured:
        raise RoleError(_("These tables have no row security: %(names)s.") % {"names": unsecured})


def _make(cursor, connection):
    role, name = web_role(connection.settings_dict), connection.settings_dict["NAME"]
    identifier = sql.Identifier(role)
    cursor.execute("SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found and found != (COMMENT,):
        message = _(
            "There is a role “%(role)s” already that we did not make. Name one for the web in WEB_DATABASE_URL."
        )
        raise RoleError(message % {"role": role})
    verb = "ALTER" if found else "CREATE"
    password = web_credentials(connection.settings_dict)["password"].encode()
    # Encrypted here, so that no log of the server can show it.
    secret = connection.connection.pgconn.encrypt_password(password, role.encode(), b"scram-sha-256")
    statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(identifier, secret.decode())
    try:
        cursor.execute(statement)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        message = _(
            "The user of DATABASE_URL may not make the role “%(role)s” that the web works as. Let it: ALTER"
            " ROLE … CREATEROLE. Or make a role by hand and name it in WEB_DATABASE_URL."
        )
        raise RoleError(message % {"role": role}) from error
    cursor.execute(sql.SQL("COMMENT ON ROLE {} IS {}").format(identifier, COMMENT))
    for setting, value in TIMEOUTS.items():
        cursor.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                identifier, sql.Identifier(name), sql.Identifier(setting), value
            )
        )


def _grant(cursor, role: sql.Identifier):
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    cursor.execute(OWN_TABLES)
    for kind, name in cursor.fetchall():
        statement = sql.SQL("GRANT " + PRIVILEGES[kind] + " ON {} TO {}")
        cursor.execute(statement.format(sql.Identifier(name), role))
    cursor.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(role))


def _withhold_temporary_tables(cursor, connection):
    """What triggers may do, such as writing totals and history, is open to who can make triggers of their own."""
    role = web_role(connection.settings_dict)
    cursor.execute(TEMPORARY, [role])
    if cursor.rowcount:
        statement = sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC, {}")
        name = connection.settings_dict["NAME"]
        cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(role)))
