using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PhoneAuth.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Spending : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "verified_codes",
                table: "address_usages",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.CreateTable(
                name: "budgets",
                columns: table => new
                {
                    scope = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    sends = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_budgets", x => x.scope);
                });

            migrationBuilder.CreateTable(
                name: "country_traffic",
                columns: table => new
                {
                    country_code = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    sent = table.Column<long>(type: "INTEGER", nullable: false),
                    verified = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_country_traffic", x => new { x.country_code, x.started_at });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "budgets");

            migrationBuilder.DropTable(
                name: "country_traffic");

            migrationBuilder.DropColumn(
                name: "verified_codes",
                table: "address_usages");
        }
    }
}
