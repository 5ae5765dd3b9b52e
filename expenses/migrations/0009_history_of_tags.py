"""Their history."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import database.constraints
import database.row_security
import database.triggers


class Migration(migrations.Migration):
    dependencies = [
        ("expenses", "0008_tags_and_levels"),
        ("history", "0007_tags_and_levels"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="category",
            name="insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="category",
            name="update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="category",
            name="delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="expense",
            name="insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="expense",
            name="update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="expense",
            name="delete",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="insert",
                sql=database.triggers.TriggerSql(
                    func='INSERT INTO "history_categoryevent" ("aliases", "archived", "colour", "created_at", "id", "ledger_id", "name", "parent_id", "pgh_created_at", "pgh_label", "position", "updated_at", "version") VALUES (NEW."aliases", NEW."archived", NEW."colour", NEW."created_at", NEW."id", NEW."ledger_id", NEW."name", NEW."parent_id", NOW(), \'insert\', NEW."position", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="4c42cf55f7c22c26462c4f8eb341bedda99d9001",
                    operation="INSERT",
                    pgid="pgtrigger_insert_ca265",
                    table="expenses_category",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="update",
                sql=database.triggers.TriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "history_categoryevent" ("aliases", "archived", "colour", "created_at", "id", "ledger_id", "name", "parent_id", "pgh_created_at", "pgh_label", "position", "updated_at", "version") VALUES (NEW."aliases", NEW."archived", NEW."colour", NEW."created_at", NEW."id", NEW."ledger_id", NEW."name", NEW."parent_id", NOW(), \'update\', NEW."position", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="902916a23ce6e6fdae01a7622b3c67b1dfb1f30c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_1b016",
                    table="expenses_category",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="delete",
                sql=database.triggers.TriggerSql(
                    func='INSERT INTO "history_categoryevent" ("aliases", "archived", "colour", "created_at", "id", "ledger_id", "name", "parent_id", "pgh_created_at", "pgh_label", "position", "updated_at", "version") VALUES (OLD."aliases", OLD."archived", OLD."colour", OLD."created_at", OLD."id", OLD."ledger_id", OLD."name", OLD."parent_id", NOW(), \'delete\', OLD."position", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="1b1d876b66d20471ee8792c52a22ebf17ca742be",
                    operation="DELETE",
                    pgid="pgtrigger_delete_7e8c8",
                    table="expenses_category",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="insert",
                sql=database.triggers.TriggerSql(
                    func='INSERT INTO "history_expenseevent" ("amount", "category_id", "created_at", "created_by_id", "date", "external_id", "id", "ledger_id", "notes", "payee", "pgh_created_at", "pgh_label", "receipt", "spread_months", "tags", "updated_at", "version") VALUES (NEW."amount", NEW."category_id", NEW."created_at", NEW."created_by_id", NEW."date", NEW."external_id", NEW."id", NEW."ledger_id", NEW."notes", NEW."payee", NOW(), \'insert\', NEW."receipt", NEW."spread_months", NEW."tags", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="377ecd08d88fbc3c902f086fdbe7f5f82d5c5def",
                    operation="INSERT",
                    pgid="pgtrigger_insert_5d7fc",
                    table="expenses_expense",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="update",
                sql=database.triggers.TriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "history_expenseevent" ("amount", "category_id", "created_at", "created_by_id", "date", "external_id", "id", "ledger_id", "notes", "payee", "pgh_created_at", "pgh_label", "receipt", "spread_months", "tags", "updated_at", "version") VALUES (NEW."amount", NEW."category_id", NEW."created_at", NEW."created_by_id", NEW."date", NEW."external_id", NEW."id", NEW."ledger_id", NEW."notes", NEW."payee", NOW(), \'update\', NEW."receipt", NEW."spread_months", NEW."tags", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="a00d5b131cb011400819fc2515f2ba11a85b4163",
                    operation="UPDATE",
                    pgid="pgtrigger_update_ecd61",
                    table="expenses_expense",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="delete",
                sql=database.triggers.TriggerSql(
                    func='INSERT INTO "history_expenseevent" ("amount", "category_id", "created_at", "created_by_id", "date", "external_id", "id", "ledger_id", "notes", "payee", "pgh_created_at", "pgh_label", "receipt", "spread_months", "tags", "updated_at", "version") VALUES (OLD."amount", OLD."category_id", OLD."created_at", OLD."created_by_id", OLD."date", OLD."external_id", OLD."id", OLD."ledger_id", OLD."notes", OLD."payee", NOW(), \'delete\', OLD."receipt", OLD."spread_months", OLD."tags", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="8cdc4748d98070d9360b100346697f62b41b3b78",
                    operation="DELETE",
                    pgid="pgtrigger_delete_a9692",
                    table="expenses_expense",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="favourite",
            trigger=pgtrigger.compiler.Trigger(
                name="insert",
                sql=database.triggers.TriggerSql(
                    func='INSERT INTO "history_favouriteevent" ("amount", "category_id", "created_at", "id", "ledger_id", "name", "notes", "payee", "pgh_created_at", "pgh_label", "position", "tags", "updated_at", "version") VALUES (NEW."amount", NEW."category_id", NEW."created_at", NEW."id", NEW."ledger_id", NEW."name", NEW."notes", NEW."payee", NOW(), \'insert\', NEW."position", NEW."tags", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="76e38c32bc22da01b7cf2fe6f19153ed070e1783",
                    operation="INSERT",
                    pgid="pgtrigger_insert_c6726",
                    table="expenses_favourite",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="favourite",
            trigger=pgtrigger.compiler.Trigger(
                name="update",
                sql=database.triggers.TriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "history_favouriteevent" ("amount", "category_id", "created_at", "id", "ledger_id", "name", "notes", "payee", "pgh_created_at", "pgh_label", "position", "tags", "updated_at", "version") VALUES (NEW."amount", NEW."category_id", NEW."created_at", NEW."id", NEW."ledger_id", NEW."name", NEW."notes", NEW."payee", NOW(), \'update\', NEW."position", NEW."tags", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="80992591fb4483825617043ad68036cf2465cce2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_a255e",
                    table="expenses_favourite",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="favourite",
            trigger=pgtrigger.compiler.Trigger(
                name="delete",
                sql=database.triggers.TriggerSql(
                    func='INSERT INTO "history_favouriteevent" ("amount", "category_id", "created_at", "id", "ledger_id", "name", "notes", "payee", "pgh_created_at", "pgh_label", "position", "tags", "updated_at", "version") VALUES (OLD."amount", OLD."category_id", OLD."created_at", OLD."id", OLD."ledger_id", OLD."name", OLD."notes", OLD."payee", NOW(), \'delete\', OLD."position", OLD."tags", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="18916580d8edd4dfb094114865d907d6859fff47",
                    operation="DELETE",
                    pgid="pgtrigger_delete_6b7e1",
                    table="expenses_favourite",
                    when="AFTER",
                ),
            ),
        ),
    ]
