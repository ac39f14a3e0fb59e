"""Addresses every front shares; names are `shell:<name>`."""

from django.urls import URLPattern, path

from shuzheng.portals.shell import account, acting, keeping, mandates, oidc, views

app_name = "shell"
urlpatterns: list[URLPattern] = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("acting/", acting.acting, name="acting"),
    path("sign-in/external/", oidc.start_external, name="external"),
    path("sign-in/external/callback/", oidc.finish_external, name="external_callback"),
    path("oidc/authorize", oidc.authorize, name="authorize"),
    path("account/", account.show, name="account"),
    path("account/sessions/", account.sessions, name="sessions"),
    path("account/sessions/end/", account.end, name="end_session"),
    path("account/password/", account.password, name="password"),
    path("account/mandates/", mandates.overview, name="mandates"),
    path("account/mandates/new/", mandates.give, name="give_mandate"),
    path("account/mandates/<uuid:mandate_id>/<str:act>/", mandates.move, name="move_mandate"),
    path("kept/", keeping.keep_form, name="kept"),
    path("prefs/elder/", views.set_elder, name="elder"),
    path("prefs/language/", views.set_language, name="language"),
    path("help/", views.show_help, name="help"),
    path("help/accessibility/", views.show_accessibility, name="accessibility"),
]
