Console.WriteLine("Make a migration with ./tools/Migrations/add.sh NAME.");
