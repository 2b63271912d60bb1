%% ledger, version 2: keeps accounts, and counts every deposit with counter,
%% which it calls from inside its callback. Whoever loads new code while it waits
%% there catches it with old code on its stack.
%%
%% New in this version: a withdrawal. The state is that of version 1.
-module(ledger).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{accounts => #{}}}.

%% Deposits, and answers with the new balance.
handle_call({deposit, Account, Amount}, _, #{accounts := Accounts}) ->
    _ = gen_server:call(counter, {add, 1}),
    Balance = maps:get(Account, Accounts, 0) + Amount,
    {reply, Balance, #{accounts => Accounts#{Account => Balance}}};
handle_call({withdraw, Account, Amount}, _, #{accounts := Accounts}) ->
    Balance = maps:get(Account, Accounts, 0) - Amount,
    {reply, Balance, #{accounts => Accounts#{Account => Balance}}};
handle_call({balance, Account}, _, #{accounts := Accounts} = State) ->
    {reply, maps:get(Account, Accounts, 0), State}.

handle_cast(never, State) -> {noreply, State}.

%% The state is the same in every version.
code_change(_, State, _) -> {ok, State}.
