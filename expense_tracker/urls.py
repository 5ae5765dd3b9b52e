"""The whole site map, HTML and API."""

from django.contrib import admin
from django.urls import include, path, re_path, register_converter
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from analytics.answers import LISTS
from analytics.api import (
    ComparisonView,
    CumulativeView,
    MatrixView,
    OriginalAnalyticsView,
    SummaryView,
    breakdown_view,
)
from analytics.views.analytics import analytics
from analytics.views.export import export_analytics
from analytics.views.overview import overview
from api import views as tokens
from api.submissions import offers_undo, once, saves
from expense_tracker.api import APIRoot
from expense_tracker.installing import favicon, manifest
from expense_tracker.views import healthz, home
from expenses.api import (
    AccountViewSet,
    CategoryViewSet,
    DayView,
    ExpenseViewSet,
    OriginalDayView,
)
from expenses.bulk_api import BulkView
from expenses.completing_api import CompletionsView
from expenses.converters import DateConverter, ExtensionConverter, TagConverter, WrittenDateConverter
from expenses.exports.api import ExportView
from expenses.favourite_api import FavouriteViewSet
from expenses.quick.api import QuickAddView
from expenses.tags_api import TagRenameView, TagsView
from expenses.views import (
    accounts,
    bulk,
    categories,
    day,
    export,
    favourites,
    listing,
    opening,
    quick,
    reorganising,
    tags,
)
from history import views as history
from history.api import ChangeSetViewSet
from ledgers import views as ledgers
from ledgers.api import LedgerViewSet
from statements.api import ImportViewSet, LineViewSet
from statements.rule_api import RuleViewSet
from statements.views import adding, files, imports, plan, rules
from users import views as users

register_converter(DateConverter, "date")
register_converter(ExtensionConverter, "extension")
register_converter(TagConverter, "tag")
register_converter(WrittenDateConverter, "written_date")

ledger_pages = [
    path("", saves(overview), name="overview"),
    path("expenses/today/", day.choose_day, name="today"),
    path("expenses/", listing.expense_list, name="expenses"),
    path("expenses/bulk/", saves(bulk.bulk_edit), name="bulk_edit"),
    path("expenses/export.<extension:extension>", export.export_expenses, name="export_expenses"),
    path("expenses/day/", day.choose_day, name="choose_day"),
    path("quick/", saves(quick.quick_add), name="quick_add"),
    path("expenses/<date:day>/", offers_undo(day.day), name="day"),
    path("analytics/", analytics, name="analytics"),
    path("analytics/export.csv", export_analytics, {"extension": "csv"}, name="export_analytics"),
    path("analytics/export.xlsx", export_analytics, {"extension": "xlsx"}, name="export_analytics_xlsx"),
    path("categories/", saves(categories.category_list), name="categories"),
    path("categories/<int:pk>/", saves(categories.category_edit), name="category_edit"),
    path("categories/<int:pk>/move/", saves(categories.category_move), name="category_move"),
    path("categories/<int:pk>/merge/", saves(reorganising.category_merge), name="category_merge"),
    path("categories/<int:pk>/split/", saves(reorganising.category_split), name="category_split"),
    path("categories/<int:pk>/archive/", saves(reorganising.category_archive), name="category_archive"),
    path("categories/<int:pk>/delete/", saves(categories.category_delete), name="category_delete"),
    path("tags/", tags.tag_list, name="tags"),
    path("tags/<tag:tag>/", saves(tags.tag_edit), name="tag"),
    path("accounts/", saves(accounts.account_list), name="accounts"),
    path("accounts/<int:pk>/", saves(accounts.account_edit), name="account_edit"),
    path("accounts/<int:pk>/delete/", saves(accounts.account_delete), name="account_delete"),
    path("favourites/", saves(favourites.favourite_list), name="favourites"),
    path("favourites/<int:pk>/", saves(favourites.favourite_edit), name="favourite_edit"),
    path("favourites/<int:pk>/move/", saves(favourites.favourite_move), name="favourite_move"),
    path("favourites/<int:pk>/delete/", saves(favourites.favourite_delete), name="favourite_delete"),
    path("statements/", saves(imports.import_list), name="imports"),
    path("statements/<int:pk>/", saves(plan.plan), name="import"),
    path("statements/<int:pk>/read/", files.read_next, name="import_read"),
    path("statements/<int:pk>/apply/", saves(adding.import_apply), name="import_apply"),
    path("statements/<int:pk>/undo/", saves(adding.import_undo), name="import_undo"),
    path("statements/<int:pk>/discard/", saves(adding.import_discard), name="import_discard"),
    path("statements/files/<int:pk>/answer/", saves(files.file_answer), name="import_file_answer"),
    path("statements/files/<int:pk>/account/", saves(files.file_account), name="import_file_account"),
    path("statements/files/<int:pk>/remove/", saves(files.file_remove), name="import_file_remove"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/new/", saves(rules.rule_new), name="rule_new"),
    path("rules/<int:pk>/", saves(rules.rule_edit), name="rule"),
    path("rules/<int:pk>/move/", saves(rules.rule_move), name="rule_move"),
    path("rules/<int:pk>/delete/", saves(rules.rule_delete), name="rule_delete"),
    path("history/", history.history, name="history"),
    path("history/<int:pk>/", saves(history.change_set), name="change_set"),
    path("settings/", saves(ledgers.ledger_settings), name="ledger_settings"),
    path("settings/leave/", ledgers.member_leave, name="member_leave"),
    path("settings/members/", saves(ledgers.member_add), name="member_add"),
    path("settings/members/<int:pk>/", saves(ledgers.member_change), name="member_change"),
]

ledgers_router = SimpleRouter()
ledgers_router.register("ledgers", LedgerViewSet)

ledger_router = SimpleRouter(use_regex_path=False)  # ids are plain digits
ledger_router.register("expenses", ExpenseViewSet)
ledger_router.register("categories", CategoryViewSet)
ledger_router.register("accounts", AccountViewSet)
ledger_router.register("favourites", FavouriteViewSet)
ledger_router.register("rules", RuleViewSet)
ledger_router.register("history", ChangeSetViewSet)
ledger_router.register("imports", ImportViewSet)

ledger_api = [
    # The original system's three calls work with and without the trailing slash.
    re_path(r"^analytics/?$", OriginalAnalyticsView.as_view(), name="api_original_analytics"),
    path("expenses/<written_date:date>", OriginalDayView.as_view(), name="api_original_day"),
    path("expenses/<written_date:date>/", OriginalDayView.as_view(schema=None)),
    path("expenses/bulk/", BulkView.as_view(), name="api_bulk"),
    path("tags/", TagsView.as_view(), name="api_tags"),
    path("tags/<tag:tag>/rename/", TagRenameView.as_view(), name="api_tag_rename"),
    path("expenses/quick/", QuickAddView.as_view(), name="api_quick_add"),
    path("expenses/export.<extension:extension>", ExportView.as_view(), name="api_export"),
    path("days/<written_date:date>/", DayView.as_view(), name="api_day"),
    *(
        path(f"analytics/{name}/", breakdown_view(by), name=f"api_analytics_{name}")
        for by, name in LISTS.items()
    ),
    path("analytics/matrix/", MatrixView.as_view(), name="api_analytics_matrix"),
    path("analytics/compare/", ComparisonView.as_view(), name="api_analytics_compare"),
    path("analytics/cumulative/", CumulativeView.as_view(), name="api_analytics_cumulative"),
    path("analytics/summary/", SummaryView.as_view(), name="api_analytics_summary"),
    path("completions/", CompletionsView.as_view(), name="api_completions"),
    path(
        "imports/<int:pk>/lines/",
        LineViewSet.as_view({"get": "list", "patch": "change"}),
        name="api_import_lines",
    ),
    *ledger_router.urls,
]

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("favicon.ico", favicon, name="favicon"),
    path("accounts/", include("allauth.urls")),
    path("accounts/preferences/", users.preferences, name="preferences"),
    path("accounts/tour/", users.close_tour, name="close_tour"),
    path("accounts/tokens/", tokens.tokens, name="tokens"),
    path("accounts/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("accounts/invitations/<str:token>/", users.accept_invitation, name="accept_invitation"),
    path("ledgers/new/", once(opening.ledger_new), name="ledger_new"),
    path("ledgers/<int:ledger_id>/", include(ledger_pages)),
    path("api/v1/", APIRoot.as_view(), name="api_root"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    path("api/v1/", include(ledgers_router.urls)),
    path("api/v1/ledgers/<int:ledger_id>/", include(ledger_api)),
    path("admin/", admin.site.urls),
]

handler400 = "expense_tracker.views.bad_request"
handler404 = "expense_tracker.views.not_found"
handler500 = "expense_tracker.views.server_error"
