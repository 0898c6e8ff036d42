"""The end of my account."""

from django.contrib.auth.hashers import check_password
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import deletion, throttle
from accounts.api.bodies import DeleteMeBody
from accounts.authentication import caller, session_id
from accounts.models import Session, User
from realtime.clock import now_ms
from realtime.errors import Code, Refused
from realtime.rest import ErrorBody

RECENT = 600_000  # milliseconds for which a sign-in says who it is without the password


class DeleteMe(APIView):
    """My account."""

    @extend_schema(operation_id="me_destroy", request=DeleteMeBody, responses={204: None, 401: ErrorBody, 403: ErrorBody})
    def delete(self, request: Request) -> Response:
        """Delete my account, with my password or within ten minutes of signing in. My messages stay,
        under "Deleted account"."""
        body = DeleteMeBody(data=request.data)
        body.is_valid(raise_exception=True)
        user = caller(request)
        password = body.validated_data.get("password")
        if password is not None:
            self._check(request, user, password)
        elif not _recent(request):
            raise Refused(Code.FORBIDDEN, "Send your password, or sign in anew first.", field="password")
        deletion.delete_account(user=user)
        return Response(status=204)

    def _check(self, request: Request, user: User, password: str) -> None:
        address = request.META.get("REMOTE_ADDR", "")
        throttle.check(name=user.username, address=address)
        if not check_password(password, user.password):
            throttle.failed(name=user.username, address=address)
            raise Refused(Code.FORBIDDEN, "That is not your password.", field="password")


def _recent(request: Request) -> bool:
    began = Session.objects.filter(pk=session_id(request)).values_list("created_at", flat=True).first()
    return began is not None and began > now_ms() - RECENT
