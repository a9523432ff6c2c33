"""The API under /api/v1: one router per subject."""

from fastapi import APIRouter

API = "/api/v1"
ROUTERS: tuple[APIRouter, ...] = ()
