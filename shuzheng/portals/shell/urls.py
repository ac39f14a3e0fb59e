"""Addresses every front shares; names are `shell:<name>`."""

from django.urls import URLPattern, path

from shuzheng.portals.shell import acting, views

app_name = "shell"
urlpatterns: list[URLPattern] = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("acting/", acting.acting, name="acting"),
    path("prefs/elder/", views.set_elder, name="elder"),
    path("prefs/language/", views.set_language, name="language"),
    path("help/", views.show_help, name="help"),
    path("help/accessibility/", views.show_accessibility, name="accessibility"),
]
