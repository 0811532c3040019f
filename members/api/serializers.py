"""People as other systems read them: no telephone, no e-mail, no belief."""

from __future__ import annotations

from rest_framework import serializers

from members.models import Convenor, Member, MemberGroup, Organisation


class OrganisationSerializer(serializers.ModelSerializer):
    host = serializers.UUIDField(source="host.uuid", read_only=True)

    class Meta:
        model = Organisation
        fields = ("uuid", "host", "kind", "name", "short_name", "region_code", "closed_on", "is_sample")
        read_only_fields = fields


class MemberSerializer(serializers.ModelSerializer):
    host = serializers.UUIDField(source="host.uuid", read_only=True)
    posts = serializers.SlugRelatedField(slug_field="title", many=True, read_only=True)

    class Meta:
        model = Member
        fields = (
            "uuid",
            "host",
            "name",
            "sector",
            "term",
            "is_standing",
            "posts",
            "region_code",
            "since",
            "until",
            "is_sample",
        )
        read_only_fields = fields


class GroupSerializer(serializers.ModelSerializer):
    host = serializers.UUIDField(source="host.uuid", read_only=True)
    members = serializers.SlugRelatedField(slug_field="uuid", many=True, read_only=True)

    class Meta:
        model = MemberGroup
        fields = ("uuid", "host", "name", "region_code", "founded_on", "closed_on", "members", "is_sample")
        read_only_fields = fields


class ConvenorSerializer(serializers.ModelSerializer):
    host = serializers.UUIDField(source="host.uuid", read_only=True)

    class Meta:
        model = Convenor
        fields = ("uuid", "host", "name", "region_code", "party_post", "rank", "since", "until", "is_sample")
        read_only_fields = fields
