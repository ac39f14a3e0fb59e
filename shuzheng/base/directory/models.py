"""Tables of the directory (stub: owner B replaces)."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Account(AbstractBaseUser):
    """A sign-in."""

    sign_in_name = models.CharField(max_length=64, unique=True)
    USERNAME_FIELD = "sign_in_name"
    objects = BaseUserManager["Account"]()
