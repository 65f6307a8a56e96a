CREATE TABLE public."__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL
);
CREATE TABLE public.address_usages (
    address character varying(45) NOT NULL,
    sends bytea NOT NULL,
    failed_codes bytea NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.leases (
    name character varying(32) NOT NULL,
    taken_until timestamp with time zone NOT NULL
);
CREATE TABLE public.sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    device_name character varying(64),
    user_agent character varying(256),
    ip_address character varying(45),
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    token_hash bytea NOT NULL,
    previous_token_hash bytea
);
CREATE TABLE public.signing_keys (
    number integer NOT NULL,
    key_id character varying(43) NOT NULL,
    sealed_key bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    signs_from timestamp with time zone NOT NULL
);
CREATE TABLE public.spent_activations (
    phone_hash bytea NOT NULL
);
CREATE TABLE public.users (
    id uuid NOT NULL,
    phone_number character varying(16) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    invite_code character varying(6) NOT NULL,
    activated_invite_code character varying(6),
    activated_at timestamp with time zone,
    inviter_id uuid,
    activation_spent boolean NOT NULL,
    invited_users_count integer NOT NULL,
    invite_misses bytea NOT NULL,
    blocked_at timestamp with time zone
);
CREATE TABLE public.verification_codes (
    phone_number character varying(16) NOT NULL,
    code_hash bytea,
    issued_at timestamp with time zone,
    expires_at timestamp with time zone,
    guesses integer NOT NULL,
    sends bytea NOT NULL,
    failures bytea NOT NULL,
    consecutive_failures integer NOT NULL,
    locks integer NOT NULL,
    locked_until timestamp with time zone,
    updated_at timestamp with time zone NOT NULL
);
INSERT INTO public."__EFMigrationsHistory" VALUES ('20261122121458_Initial', '10.0.14');
INSERT INTO public.address_usages VALUES ('127.0.0.1', '\x08df4a1e67f6fad808df4a1e6844e62608df4a1e686693f2', '\x08df4a1e686a9ad8', '2026-11-24 11:30:57.1191+00');
INSERT INTO public.sessions VALUES ('01a20d52-bff3-756a-87ac-7d30676dcbb9', '01a20d52-bff3-7efa-9a3d-2f37f9a68943', 'Release', 'curl/7.88.1', '127.0.0.1', '2026-11-24 11:30:56.627078+00', '2026-11-24 11:30:56.627078+00', '2026-12-24 11:30:56.627078+00', '\x7a7835b742528945f3940008f5c162947fa9e815f91cfcb8ef49b1475e08664f', NULL);
INSERT INTO public.sessions VALUES ('01a20d52-c106-7136-be32-9d9dd1ec5104', '01a20d52-c106-7a30-9945-b90100305366', 'Release', 'curl/7.88.1', '127.0.0.1', '2026-11-24 11:30:56.902577+00', '2026-11-24 11:30:56.902577+00', '2026-12-24 11:30:56.902577+00', '\x1c6f3b9a74e28f4cf83df6298b80606f7f65e9acc3bf6fce9e54945ce5c606d1', NULL);
INSERT INTO public.signing_keys VALUES (1, 'drfRko11jlRPgioQJ8-Z_YfFUFiWtfumSZMdOGGhbvs', '\x340fa652e87e2268a486bd5e3eb9beef3cbe6d83f539953acc12f9812d6bb931096158d38e42ae9c81217a5ec60b00073d268fc4a2398b046e2a6e0e69eb6be77f509ca2952e0998dd9d6bd56da540df362cac39b881e4b1fc4189a32aa897bdd07169d7ae5372a8534fe9ab896517e95e6cc6951d867ed9779faa7f5e63daa7374ac41033cc96b3e9800f97f90fe1de8365c45ba45786d4817718bb093e547a0fa18f3412d5', '2026-11-24 11:30:55.758316+00', '2026-11-24 11:30:55.743216+00');
INSERT INTO public.users VALUES ('01a20d52-bff3-7efa-9a3d-2f37f9a68943', '+79000000001', '2026-11-24 11:30:56.627078+00', 'EK6U9T', NULL, NULL, NULL, false, 1, '\x', NULL);
INSERT INTO public.users VALUES ('01a20d52-c106-7a30-9945-b90100305366', '+79000000002', '2026-11-24 11:30:56.902577+00', 'TZRCW4', 'EK6U9T', '2026-11-24 11:30:57.019745+00', '01a20d52-bff3-7efa-9a3d-2f37f9a68943', false, 0, '\x', NULL);
INSERT INTO public.verification_codes VALUES ('+79000000001', NULL, '2026-11-24 11:30:56.36134+00', '2026-11-24 11:35:56.36134+00', 0, '\x08df4a1e67f6fad8', '\x', 0, 0, NULL, '2026-11-24 11:30:56.627078+00');
INSERT INTO public.verification_codes VALUES ('+79000000002', NULL, '2026-11-24 11:30:56.871991+00', '2026-11-24 11:35:56.871991+00', 0, '\x08df4a1e6844e626', '\x', 0, 0, NULL, '2026-11-24 11:30:56.902577+00');
INSERT INTO public.verification_codes VALUES ('+79000000003', '\xd6f217b07b18d8cc585ece7efc79eff270d45e3cfb09feb08c0519378c42af82', '2026-11-24 11:30:57.092709+00', '2026-11-24 11:35:57.092709+00', 1, '\x08df4a1e686693f2', '\x08df4a1e686a9ad8', 1, 0, NULL, '2026-11-24 11:30:57.1191+00');
ALTER TABLE ONLY public."__EFMigrationsHistory"
    ADD CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId");
ALTER TABLE ONLY public.address_usages
    ADD CONSTRAINT "PK_address_usages" PRIMARY KEY (address);
ALTER TABLE ONLY public.leases
    ADD CONSTRAINT "PK_leases" PRIMARY KEY (name);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT "PK_sessions" PRIMARY KEY (id);
ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT "PK_signing_keys" PRIMARY KEY (number);
ALTER TABLE ONLY public.spent_activations
    ADD CONSTRAINT "PK_spent_activations" PRIMARY KEY (phone_hash);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT "PK_users" PRIMARY KEY (id);
ALTER TABLE ONLY public.verification_codes
    ADD CONSTRAINT "PK_verification_codes" PRIMARY KEY (phone_number);
CREATE INDEX "IX_sessions_user_id" ON public.sessions USING btree (user_id);
CREATE UNIQUE INDEX "IX_users_invite_code" ON public.users USING btree (invite_code);
CREATE INDEX "IX_users_inviter_id_activated_at_id" ON public.users USING btree (inviter_id, activated_at DESC, id DESC) WHERE (inviter_id IS NOT NULL);
CREATE UNIQUE INDEX "IX_users_phone_number" ON public.users USING btree (phone_number);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT "FK_sessions_users_user_id" FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
