using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PhoneAuth.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class TextQueue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "delivery",
                table: "verification_codes",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "gateway",
                table: "verification_codes",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "message_id",
                table: "verification_codes",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "refused_by",
                table: "verification_codes",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "sealed_text",
                table: "verification_codes",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "send_after",
                table: "verification_codes",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "tries",
                table: "verification_codes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "sms_receipts",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    phone_number = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    delivery = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sms_receipts", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_verification_codes_send_after",
                table: "verification_codes",
                column: "send_after",
                filter: "send_after IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sms_receipts");

            migrationBuilder.DropIndex(
                name: "IX_verification_codes_send_after",
                table: "verification_codes");

            migrationBuilder.DropColumn(
                name: "delivery",
                table: "verification_codes");

            migrationBuilder.DropColumn(
                name: "gateway",
                table: "verification_codes");

            migrationBuilder.DropColumn(
                name: "message_id",
                table: "verification_codes");

            migrationBuilder.DropColumn(
                name: "refused_by",
                table: "verification_codes");

            migrationBuilder.DropColumn(
                name: "sealed_text",
                table: "verification_codes");

            migrationBuilder.DropColumn(
                name: "send_after",
                table: "verification_codes");

            migrationBuilder.DropColumn(
                name: "tries",
                table: "verification_codes");
        }
    }
}
