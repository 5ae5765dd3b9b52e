"""History knows over how many months an expense is spread, and totals are kept beside the rows."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import database.triggers


class Migration(migrations.Migration):
    dependencies = [
        ("expenses", "0006_spread"),
        ("history", "0006_spread"),
        ("analytics", "0001_rollups"),
    ]

    operations = [
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
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="insert",
                sql=database.triggers.TriggerSql(
                    func='INSERT INTO "history_expenseevent" ("amount", "category_id", "created_at", "created_by_id", "date", "external_id", "id", "ledger_id", "notes", "payee", "pgh_created_at", "pgh_label", "spread_months", "updated_at", "version") VALUES (NEW."amount", NEW."category_id", NEW."created_at", NEW."created_by_id", NEW."date", NEW."external_id", NEW."id", NEW."ledger_id", NEW."notes", NEW."payee", NOW(), \'insert\', NEW."spread_months", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="cd66d13c5e68ccbb35a1bfa00f0184ecf777903f",
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
                    func='INSERT INTO "history_expenseevent" ("amount", "category_id", "created_at", "created_by_id", "date", "external_id", "id", "ledger_id", "notes", "payee", "pgh_created_at", "pgh_label", "spread_months", "updated_at", "version") VALUES (NEW."amount", NEW."category_id", NEW."created_at", NEW."created_by_id", NEW."date", NEW."external_id", NEW."id", NEW."ledger_id", NEW."notes", NEW."payee", NOW(), \'update\', NEW."spread_months", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="245083201724609ae086415d20ab3d9c654bce72",
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
                    func='INSERT INTO "history_expenseevent" ("amount", "category_id", "created_at", "created_by_id", "date", "external_id", "id", "ledger_id", "notes", "payee", "pgh_created_at", "pgh_label", "spread_months", "updated_at", "version") VALUES (OLD."amount", OLD."category_id", OLD."created_at", OLD."created_by_id", OLD."date", OLD."external_id", OLD."id", OLD."ledger_id", OLD."notes", OLD."payee", NOW(), \'delete\', OLD."spread_months", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="d5e0a199878f242a1babf45dbbb56a41d0d74a90",
                    operation="DELETE",
                    pgid="pgtrigger_delete_a9692",
                    table="expenses_expense",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_rollups_on_insert",
                sql=database.triggers.ByIndexSql(
                    func="\nPERFORM pg_advisory_xact_lock_shared(hashtext('rollups'), number)\nFROM (SELECT DISTINCT (ledger_id % 1000)::integer FROM new_rows ORDER BY 1) AS lock (number);\nWITH changed AS (SELECT ledger_id, category_id, date, amount, spread_months, 1 AS sign FROM new_rows),\ndelta AS (\n    SELECT changed.ledger_id, unit, slot.date, category_id, basis,\n        coalesce(sum(sign * slot.amount) FILTER (WHERE slot.amount > 0), 0) AS gross,\n        coalesce(sum(sign * slot.amount) FILTER (WHERE slot.amount < 0), 0) AS refunds,\n        sum(sign) AS count\n    FROM changed\n    JOIN ledgers_ledger ON ledgers_ledger.id = changed.ledger_id\n    CROSS JOIN LATERAL rollup_slots(\n        changed.date, changed.amount, spread_months, currency_decimals(currency), month_start_day\n    ) AS slot\n    GROUP BY 1, 2, 3, 4, 5\n    HAVING sum(sign) <> 0 OR sum(sign * slot.amount) <> 0 OR sum(sign * abs(slot.amount)) <> 0\n),\nplace AS MATERIALIZED (\n    SELECT delta.*, free.id\n    FROM delta LEFT JOIN LATERAL (\n        SELECT id FROM analytics_rollup\n        WHERE ledger_id = delta.ledger_id AND unit = delta.unit AND date = delta.date\n            AND category_id = delta.category_id AND basis = delta.basis\n        LIMIT 1 FOR UPDATE SKIP LOCKED\n    ) AS free ON true\n),\nadded AS (\n    UPDATE analytics_rollup AS kept\n    SET gross = kept.gross + place.gross, refunds = kept.refunds + place.refunds, count = kept.count + place.count\n    FROM place WHERE kept.ledger_id = ANY (ARRAY[place.ledger_id]) AND kept.id = ANY (ARRAY[place.id])\n)\nINSERT INTO analytics_rollup (ledger_id, unit, date, category_id, basis, gross, refunds, count)\nSELECT ledger_id, unit, date, category_id, basis, gross, refunds, count FROM place WHERE id IS NULL;\nRETURN NULL;\n",
                    hash="36a5813fe338e411bd66c25368544cc4554f7cf5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_keep_rollups_on_insert_0603a",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="expenses_expense",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_rollups_on_update",
                sql=database.triggers.ByIndexSql(
                    func="\nPERFORM pg_advisory_xact_lock_shared(hashtext('rollups'), number)\nFROM (SELECT DISTINCT (ledger_id % 1000)::integer FROM new_rows ORDER BY 1) AS lock (number);\nWITH changed AS (SELECT ledger_id, category_id, date, amount, spread_months, -1 AS sign FROM old_rows UNION ALL SELECT ledger_id, category_id, date, amount, spread_months, 1 AS sign FROM new_rows),\ndelta AS (\n    SELECT changed.ledger_id, unit, slot.date, category_id, basis,\n        coalesce(sum(sign * slot.amount) FILTER (WHERE slot.amount > 0), 0) AS gross,\n        coalesce(sum(sign * slot.amount) FILTER (WHERE slot.amount < 0), 0) AS refunds,\n        sum(sign) AS count\n    FROM changed\n    JOIN ledgers_ledger ON ledgers_ledger.id = changed.ledger_id\n    CROSS JOIN LATERAL rollup_slots(\n        changed.date, changed.amount, spread_months, currency_decimals(currency), month_start_day\n    ) AS slot\n    GROUP BY 1, 2, 3, 4, 5\n    HAVING sum(sign) <> 0 OR sum(sign * slot.amount) <> 0 OR sum(sign * abs(slot.amount)) <> 0\n),\nplace AS MATERIALIZED (\n    SELECT delta.*, free.id\n    FROM delta LEFT JOIN LATERAL (\n        SELECT id FROM analytics_rollup\n        WHERE ledger_id = delta.ledger_id AND unit = delta.unit AND date = delta.date\n            AND category_id = delta.category_id AND basis = delta.basis\n        LIMIT 1 FOR UPDATE SKIP LOCKED\n    ) AS free ON true\n),\nadded AS (\n    UPDATE analytics_rollup AS kept\n    SET gross = kept.gross + place.gross, refunds = kept.refunds + place.refunds, count = kept.count + place.count\n    FROM place WHERE kept.ledger_id = ANY (ARRAY[place.ledger_id]) AND kept.id = ANY (ARRAY[place.id])\n)\nINSERT INTO analytics_rollup (ledger_id, unit, date, category_id, basis, gross, refunds, count)\nSELECT ledger_id, unit, date, category_id, basis, gross, refunds, count FROM place WHERE id IS NULL;\nRETURN NULL;\n",
                    hash="e77e4b137645bcf669e60386b548008dd2184240",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_keep_rollups_on_update_2619e",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="expenses_expense",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_rollups_on_delete",
                sql=database.triggers.ByIndexSql(
                    func="\nPERFORM pg_advisory_xact_lock_shared(hashtext('rollups'), number)\nFROM (SELECT DISTINCT (ledger_id % 1000)::integer FROM old_rows ORDER BY 1) AS lock (number);\nWITH changed AS (SELECT ledger_id, category_id, date, amount, spread_months, -1 AS sign FROM old_rows),\ndelta AS (\n    SELECT changed.ledger_id, unit, slot.date, category_id, basis,\n        coalesce(sum(sign * slot.amount) FILTER (WHERE slot.amount > 0), 0) AS gross,\n        coalesce(sum(sign * slot.amount) FILTER (WHERE slot.amount < 0), 0) AS refunds,\n        sum(sign) AS count\n    FROM changed\n    JOIN ledgers_ledger ON ledgers_ledger.id = changed.ledger_id\n    CROSS JOIN LATERAL rollup_slots(\n        changed.date, changed.amount, spread_months, currency_decimals(currency), month_start_day\n    ) AS slot\n    GROUP BY 1, 2, 3, 4, 5\n    HAVING sum(sign) <> 0 OR sum(sign * slot.amount) <> 0 OR sum(sign * abs(slot.amount)) <> 0\n),\nplace AS MATERIALIZED (\n    SELECT delta.*, free.id\n    FROM delta LEFT JOIN LATERAL (\n        SELECT id FROM analytics_rollup\n        WHERE ledger_id = delta.ledger_id AND unit = delta.unit AND date = delta.date\n            AND category_id = delta.category_id AND basis = delta.basis\n        LIMIT 1 FOR UPDATE SKIP LOCKED\n    ) AS free ON true\n),\nadded AS (\n    UPDATE analytics_rollup AS kept\n    SET gross = kept.gross + place.gross, refunds = kept.refunds + place.refunds, count = kept.count + place.count\n    FROM place WHERE kept.ledger_id = ANY (ARRAY[place.ledger_id]) AND kept.id = ANY (ARRAY[place.id])\n)\nINSERT INTO analytics_rollup (ledger_id, unit, date, category_id, basis, gross, refunds, count)\nSELECT ledger_id, unit, date, category_id, basis, gross, refunds, count FROM place WHERE id IS NULL;\nRETURN NULL;\n",
                    hash="0057aca8f4a8ee031e4d5c351b6f9742691ea63d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_keep_rollups_on_delete_7672a",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="expenses_expense",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="empty_rollups",
                sql=database.triggers.TriggerSql(
                    func="DELETE FROM analytics_rollup; RETURN NULL;",
                    hash="211e695ca7561ee355fe6582a68b16527010b598",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_empty_rollups_42701",
                    table="expenses_expense",
                    when="AFTER",
                ),
            ),
        ),
    ]
